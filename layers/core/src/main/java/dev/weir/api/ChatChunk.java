package dev.weir.api;

/** One chunk of a streamed answer (OpenAI API reference, "The chat completion chunk object"). */
public record ChatChunk(CompletionHead head, Delta delta) {

  /** What a chunk adds. */
  public sealed interface Delta {}

  /**
   * The first chunk.
   *
   * @param isTextNext whether text follows next, so that {@code content} starts as "" and not null
   */
  public record Role(boolean isTextNext) implements Delta {}

  /** More visible text. */
  public record Text(String text) implements Delta {}

  /** More reasoning. */
  public record Reasoning(String text) implements Delta {}

  /** A tool call begins. {@code index} counts tool calls from 0 without gaps. */
  public record CallStart(int index, String id, String name) implements Delta {}

  /** More of a tool call's JSON arguments. */
  public record CallArguments(int index, String json) implements Delta {}

  /** The answer is complete. */
  public record Finish(String finishReason) implements Delta {}

  /** The trailing chunk without choices, wanted only with {@code include_usage}. */
  public record Totals(CompletionUsage usage) implements Delta {}
}
