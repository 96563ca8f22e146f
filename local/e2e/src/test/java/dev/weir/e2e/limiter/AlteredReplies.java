package dev.weir.e2e.limiter;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Changes the replies to requests that were carried out. */
final class AlteredReplies implements SdkHttpClient {

  private interface Alteration {
    HttpExecuteResponse of(HttpExecuteResponse reply) throws IOException;
  }

  private final SdkHttpClient client;
  private final Alteration alteration;

  private AlteredReplies(SdkHttpClient client, Alteration alteration) {
    this.client = client;
    this.alteration = alteration;
  }

  /** Loses this share of all replies. */
  static UnaryOperator<SdkHttpClient> lost(double share) {
    return client ->
        new AlteredReplies(
            client,
            reply -> {
              if (ThreadLocalRandom.current().nextDouble() < share) {
                reply.responseBody().ifPresent(AbortableInputStream::abort);
                throw new IOException("the reply was lost");
              }
              return reply;
            });
  }

  /** Hides the server's clock. */
  static UnaryOperator<SdkHttpClient> undated() {
    return client ->
        new AlteredReplies(
            client,
            reply ->
                HttpExecuteResponse.builder()
                    .response(reply.httpResponse().toBuilder().removeHeader("Date").build())
                    .responseBody(reply.responseBody().orElse(null))
                    .build());
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return alteration.of(prepared.call());
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}
