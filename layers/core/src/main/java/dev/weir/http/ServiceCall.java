package dev.weir.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** One signed POST to an AWS service that speaks JSON or the query protocol. Thread-safe. */
public final class ServiceCall {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration READ = Duration.ofSeconds(5);

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /**
   * @param service the name requests are signed for
   */
  public ServiceCall(
      String service,
      Endpoint endpoint,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.signing = new Signing(service, endpoint.region(), credentials);
  }

  /**
   * Sends a body and returns that of the reply.
   *
   * @throws UncheckedIOException when no reply came, or one that is no success: its cause is then a
   *     {@link ServiceRefusedException}
   */
  public byte[] post(String contentType, Map<String, String> headers, byte[] body) {
    SdkHttpRequest.Builder request = endpoint.post("/", contentType, body.length);
    headers.forEach(request::putHeader);
    try {
      HttpExecuteResponse reply = http.prepareRequest(signing.sign(request.build(), body)).call();
      byte[] content = new byte[0];
      if (reply.responseBody().isPresent()) {
        try (InputStream in = reply.responseBody().get()) {
          content = in.readAllBytes();
        }
      }
      if (!reply.httpResponse().isSuccessful()) {
        throw new ServiceRefusedException(
            reply.httpResponse().statusCode(), new String(content, StandardCharsets.UTF_8));
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
