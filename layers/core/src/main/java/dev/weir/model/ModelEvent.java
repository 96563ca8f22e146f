package dev.weir.model;

import dev.weir.ledger.Usage;

/**
 * One event of a model's answer, in the order of Bedrock ConverseStream. A buffered answer is
 * folded from the same events, so that streamed and buffered replies cannot differ.
 *
 * <p>{@code block} is Bedrock's {@code contentBlockIndex}; it is neither dense nor starts at the
 * first tool.
 */
public sealed interface ModelEvent {

  /** The assistant's turn begins. */
  record Started() implements ModelEvent {}

  /** A piece of visible text. */
  record TextDelta(int block, String text) implements ModelEvent {}

  /** A piece of the model's reasoning. */
  record ReasoningDelta(int block, String text) implements ModelEvent {}

  /** A tool call begins. */
  record ToolStarted(int block, String toolCallId, String name) implements ModelEvent {}

  /** A piece of a tool call's JSON arguments. */
  record ToolDelta(int block, String json) implements ModelEvent {}

  /** A content block is complete. */
  record BlockStopped(int block) implements ModelEvent {}

  /** The answer is complete. */
  record Stopped(StopReason reason) implements ModelEvent {}

  /** What the model counted. Comes after {@link Stopped}. */
  record UsageReported(Usage usage) implements ModelEvent {}
}
