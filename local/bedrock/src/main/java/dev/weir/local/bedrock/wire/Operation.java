package dev.weir.local.bedrock.wire;

import java.util.Arrays;
import java.util.Optional;

/** An operation of the Bedrock or the SageMaker Runtime that this stand-in serves. */
public enum Operation {
  CONVERSE("Converse", "converse", false),
  CONVERSE_STREAM("ConverseStream", "converse-stream", true),
  INVOKE_MODEL("InvokeModel", "invoke", false),
  INVOKE_MODEL_STREAM("InvokeModelWithResponseStream", "invoke-with-response-stream", true),
  COUNT_TOKENS("CountTokens", "count-tokens", false),
  APPLY_GUARDRAIL("ApplyGuardrail", "apply", false),
  /** Of the Agent Runtime, which has an endpoint of its own and the same signing name. */
  RETRIEVE("Retrieve", "retrieve", false),
  INVOKE_ENDPOINT("InvokeEndpoint", "invocations", false),
  INVOKE_ENDPOINT_STREAM("InvokeEndpointWithResponseStream", "invocations-response-stream", true),
  INVOKE_ENDPOINT_ASYNC("InvokeEndpointAsync", "async-invocations", false);

  private final String apiName;
  private final String pathSegment;
  private final boolean streaming;

  Operation(String apiName, String pathSegment, boolean streaming) {
    this.apiName = apiName;
    this.pathSegment = pathSegment;
    this.streaming = streaming;
  }

  /** The name in the AWS API, such as {@code ConverseStream}. */
  public String apiName() {
    return apiName;
  }

  /** Whether the reply is an event stream. */
  public boolean streaming() {
    return streaming;
  }

  static Optional<Operation> ofPathSegment(String segment) {
    return Arrays.stream(values()).filter(o -> o.pathSegment.equals(segment)).findFirst();
  }
}
