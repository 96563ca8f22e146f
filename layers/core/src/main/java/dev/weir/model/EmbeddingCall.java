package dev.weir.model;

import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.route.EmbeddingFamily;
import java.util.List;
import java.util.Optional;

/**
 * One request for vectors.
 *
 * @param modelId Bedrock model id, inference profile id or ARN
 * @param texts 1 up to as many as the family takes at once
 * @param dimensions length of the vectors
 */
public record EmbeddingCall(
    String modelId,
    EmbeddingFamily family,
    List<String> texts,
    int dimensions,
    Optional<InputType> inputType) {}
