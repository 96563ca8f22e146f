package dev.weir.inference.sagemaker;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.inference.upstream.Listener;
import dev.weir.inference.upstream.Outgoing;
import dev.weir.inference.upstream.Upstream;
import dev.weir.model.Ending;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * InvokeEndpoint, InvokeEndpointWithResponseStream and InvokeEndpointAsync of SageMaker Runtime.
 * Makes exactly one attempt and ends as soon as its listener has lost patience. Thread-safe.
 */
public final class EndpointClient implements AutoCloseable {
  private final Endpoint endpoint;
  private final Upstream upstream;

  /** A client with the credentials, Region and endpoint the environment names. */
  public EndpointClient(Map<String, String> environment) {
    this(
        Endpoint.of("runtime.sagemaker", "SAGEMAKER_RUNTIME", environment),
        DefaultCredentialsProvider.builder().build());
  }

  EndpointClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.upstream =
        new Upstream("endpoint", new Signing("sagemaker", endpoint.region(), credentials));
  }

  /** Invokes an endpoint; the reply's head comes before its pieces. */
  public Ending invoke(Invocation invocation, Listener<Part> listener) {
    String operation =
        switch (invocation.mode()) {
          case SYNC -> "invocations";
          case STREAM -> "invocations-response-stream";
          case ASYNC -> "async-invocations";
        };
    SdkHttpRequest.Builder request =
        endpoint.post(
            "/endpoints/" + invocation.endpoint() + "/" + operation,
            "application/octet-stream",
            invocation.body().length);
    invocation.headers().forEach(request::putHeader);
    return upstream.ask(
        new Outgoing<>(request.build(), invocation.body(), new BodyReading(invocation)), listener);
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    upstream.close();
  }
}
