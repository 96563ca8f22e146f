package dev.weir.inference.sagemaker;

import dev.weir.endpoint.InferenceEndpoint.Mode;
import java.util.Map;

/**
 * One invocation of an endpoint.
 *
 * @param endpoint its name in SageMaker
 * @param headers of the API, as it names them
 * @param body empty of an asynchronous one, whose input is an object
 * @param maxReplyBytes what a larger reply is broken off at
 */
@SuppressWarnings("ArrayRecordComponent") // a body on its way, never compared
public record Invocation(
    String endpoint, Mode mode, Map<String, String> headers, byte[] body, long maxReplyBytes) {}
