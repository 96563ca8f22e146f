package dev.weir.inference.sagemaker;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * PutObject and GetObject of one bucket, by path-style addresses. Makes exactly one attempt.
 * Thread-safe.
 */
public final class Objects {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration READ = Duration.ofSeconds(20);

  /** Keys that mean the same in an address, encoded or not, so that a signature needs no care. */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._/-]{1,1000}");

  private final Endpoint endpoint;
  private final Signing signing;
  private final String bucket;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /** A client with the credentials, Region and endpoint the environment names. */
  public Objects(String bucket, Map<String, String> environment) {
    this(bucket, Endpoint.of("s3", environment), DefaultCredentialsProvider.builder().build());
  }

  Objects(
      String bucket,
      Endpoint endpoint,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.bucket = bucket;
    this.endpoint = endpoint;
    this.signing = new Signing("s3", endpoint.region(), credentials);
  }

  /**
   * An object on its way.
   *
   * @param body to be closed by who reads it
   */
  public record Content(String type, InputStream body) {}

  /** The address of a key, as SageMaker wants it. */
  public String location(String key) {
    return "s3://" + bucket + "/" + key;
  }

  /** The key of an address in this bucket; empty when it is elsewhere or not one we would make. */
  public Optional<String> key(String location) {
    String prefix = location("");
    return Optional.of(location)
        .filter(address -> address.startsWith(prefix))
        .map(address -> address.substring(prefix.length()))
        .filter(key -> KEY.matcher(key).matches() && !key.contains("..") && !key.contains("//"));
  }

  /** Writes an object. */
  public void put(String key, String type, byte[] content) throws IOException {
    SdkHttpRequest request =
        request(SdkHttpMethod.PUT, key)
            .putHeader("Content-Type", type)
            .putHeader("Content-Length", Integer.toString(content.length))
            .build();
    HttpExecuteResponse response = http.prepareRequest(signing.sign(request, content)).call();
    response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty()).close();
    if (!response.httpResponse().isSuccessful()) {
      throw new IOException("PutObject: HTTP " + response.httpResponse().statusCode());
    }
  }

  /** Reads an object; empty when there is none. */
  public Optional<Content> get(String key) throws IOException {
    SdkHttpRequest request = request(SdkHttpMethod.GET, key).build();
    HttpExecuteResponse response = http.prepareRequest(signing.sign(request)).call();
    InputStream body = response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty());
    if (response.httpResponse().isSuccessful()) {
      String type =
          response
              .httpResponse()
              .firstMatchingHeader("content-type")
              .orElse("application/octet-stream");
      return Optional.of(new Content(type, body));
    }
    body.close();
    if (response.httpResponse().statusCode() == 404) {
      return Optional.empty();
    }
    throw new IOException("GetObject: HTTP " + response.httpResponse().statusCode());
  }

  private SdkHttpRequest.Builder request(SdkHttpMethod method, String key) {
    URI base = endpoint.base();
    String path = Optional.ofNullable(base.getRawPath()).orElse("") + "/" + bucket + "/" + key;
    return SdkHttpRequest.builder().method(method).uri(base).encodedPath(path);
  }
}
