package dev.weir.inference.sagemaker;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ToolChoice;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.inference.upstream.Answer;
import dev.weir.inference.upstream.Outgoing;
import dev.weir.inference.upstream.Upstream;
import dev.weir.model.Ending;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.route.Deadline;
import dev.weir.route.SageMakerTarget;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Asks SageMaker endpoints that speak chat completions, always by InvokeEndpointWithResponseStream:
 * a stream is heard while it grows, however the client wants its answer. Makes exactly one attempt
 * and ends within the deadline wherever the endpoint stalls. Thread-safe.
 */
public final class SageMakerClient implements ModelClient, AutoCloseable {
  private final Endpoint endpoint;
  private final Upstream upstream;

  /**
   * A client with the credentials, Region and endpoint the environment names: {@code
   * AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME}, else {@code AWS_ENDPOINT_URL}, else the Region's own.
   */
  public SageMakerClient(Map<String, String> environment) {
    this(
        Endpoint.of("runtime.sagemaker", "SAGEMAKER_RUNTIME", environment),
        DefaultCredentialsProvider.builder().build());
  }

  SageMakerClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.upstream =
        new Upstream("sagemaker", new Signing("sagemaker", endpoint.region(), credentials));
  }

  @Override
  public Ending ask(ModelCall call, Deadline deadline, Sink sink) {
    byte[] body = ChatBody.bytes(call);
    return upstream.ask(
        new Outgoing<>(
            request(SageMakerTarget.parse(call.modelId()), body.length), body, new ChatReading()),
        new Answer(calls(call.request()), sink, deadline, true));
  }

  private SdkHttpRequest request(SageMakerTarget target, int bodyLength) {
    SdkHttpRequest.Builder request =
        endpoint
            .post(
                "/endpoints/" + target.endpoint() + "/invocations-response-stream",
                "application/json",
                bodyLength)
            .putHeader("Accept", "application/vnd.amazon.eventstream");
    target
        .component()
        .ifPresent(name -> request.putHeader("X-Amzn-SageMaker-Inference-Component", name));
    return request.build();
  }

  /** Containers differ in what they make of these options; the answer does not. */
  private static Answer.Calls calls(ChatRequest request) {
    if (request.toolChoice().filter(ToolChoice.None.class::isInstance).isPresent()) {
      return Answer.Calls.NONE;
    }
    return request.parallelToolCalls().orElse(true) ? Answer.Calls.ALL : Answer.Calls.FIRST;
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    upstream.close();
  }
}
