package dev.weir.e2e.limiter;

import java.io.IOException;
import java.util.Random;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Sometimes loses the reply to a request that was carried out. */
final class LossyHttp implements SdkHttpClient {

  private final SdkHttpClient client;
  private final double share;
  private final Random random = new Random();

  LossyHttp(SdkHttpClient client, double share) {
    this.client = client;
    this.share = share;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpExecuteResponse reply = prepared.call();
        if (random.nextDouble() < share) {
          reply.responseBody().ifPresent(AbortableInputStream::abort);
          throw new IOException("the reply was lost");
        }
        return reply;
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
