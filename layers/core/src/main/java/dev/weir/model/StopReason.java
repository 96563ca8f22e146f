package dev.weir.model;

/** Why a model stopped (Bedrock Converse {@code StopReason}), with OpenAI's name for it. */
public enum StopReason {
  END_TURN("stop"),
  STOP_SEQUENCE("stop"),
  MAX_TOKENS("length"),
  CONTEXT_WINDOW("length"),
  TOOL_USE("tool_calls"),
  CONTENT_FILTERED("content_filter"),
  GUARDRAIL_INTERVENED("content_filter"),
  MALFORMED("stop");

  private final String finishReason;

  StopReason(String finishReason) {
    this.finishReason = finishReason;
  }

  /** OpenAI's {@code finish_reason}. */
  public String finishReason() {
    return finishReason;
  }

  /**
   * Whether a model that says nothing for this reason has failed; one that met the client's own
   * stop sequence or its cap at once has not.
   */
  public boolean needsContent() {
    return this == END_TURN || this == TOOL_USE || this == MALFORMED;
  }

  /** Whether the answer is whole and unblocked: the only kind a cache may keep. */
  public boolean isClean() {
    return this == END_TURN || this == STOP_SEQUENCE || this == TOOL_USE;
  }
}
