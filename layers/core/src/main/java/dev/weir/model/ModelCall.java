package dev.weir.model;

import dev.weir.api.ChatRequest;

/**
 * One question to one model.
 *
 * @param modelId id of a {@link dev.weir.route.Target}
 * @param request the client's request
 * @param maxTokens the output cap sent upstream, 1 or more: what admission reserved
 * @param stream whether to use the streaming wire
 * @param canCallTools whether the model can be made to call a tool; if not, a JSON answer is asked
 *     for in words
 */
public record ModelCall(
    String modelId, ChatRequest request, long maxTokens, boolean stream, boolean canCallTools) {

  /** A question to a model that can call tools. */
  public ModelCall(String modelId, ChatRequest request, long maxTokens, boolean stream) {
    this(modelId, request, maxTokens, stream, true);
  }
}
