package dev.weir.store;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/** A bucket of S3 that is only written (PutObject), with one attempt. Thread-safe. */
public final class PayloadBucket {

  private static final String SERVICE = "s3";
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, ANSWER);
  private final String bucket;

  /**
   * A bucket with the credentials, Region and endpoint the environment names ({@code AWS_REGION},
   * {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL}).
   */
  public PayloadBucket(String bucket, Map<String, String> environment) {
    this(bucket, Endpoint.of(SERVICE, environment), DefaultCredentialsProvider.builder().build());
  }

  PayloadBucket(
      String bucket,
      Endpoint endpoint,
      IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.bucket = bucket;
    this.endpoint = endpoint;
    this.signing = new Signing(SERVICE, endpoint.region(), credentials);
  }

  /**
   * Writes an object.
   *
   * @param key of letters, digits, {@code . _ -} and {@code /} only, which need no escape
   * @throws IOException when it is not certain that it was written
   */
  public void put(String key, byte[] json) throws IOException {
    SdkHttpRequest request =
        endpoint
            .post("/" + bucket + "/" + key, "application/json", json.length)
            .method(SdkHttpMethod.PUT)
            .build();
    HttpExecuteResponse reply = http.prepareRequest(signing.sign(request, json)).call();
    if (reply.responseBody().isPresent()) {
      reply.responseBody().get().close();
    }
    if (!reply.httpResponse().isSuccessful()) {
      throw new IOException("S3 answered " + reply.httpResponse().statusCode());
    }
  }
}
