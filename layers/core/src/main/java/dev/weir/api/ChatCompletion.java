package dev.weir.api;

import dev.weir.api.ChatRequest.ToolCall;
import java.util.List;
import java.util.Optional;

/**
 * A finished answer (OpenAI API reference, "The chat completion object") with its one choice.
 *
 * @param text visible text, possibly empty
 * @param reasoning the model's reasoning, possibly empty; {@code reasoning_content} on the wire
 * @param finishReason {@code stop}, {@code length}, {@code tool_calls} or {@code content_filter}
 * @param usage absent when the model did not report it, which is not the same as zero
 */
public record ChatCompletion(
    CompletionHead head,
    String text,
    String reasoning,
    List<ToolCall> toolCalls,
    String finishReason,
    Optional<CompletionUsage> usage) {

  /** The same answer under another id, time or model name: how a cached one is served. */
  public ChatCompletion under(CompletionHead other) {
    return new ChatCompletion(other, text, reasoning, toolCalls, finishReason, usage);
  }

  /** Whether {@code content} is null on the wire: something was said, but not as text. */
  boolean isContentNull() {
    return text.isEmpty() && !(toolCalls.isEmpty() && reasoning.isEmpty());
  }
}
