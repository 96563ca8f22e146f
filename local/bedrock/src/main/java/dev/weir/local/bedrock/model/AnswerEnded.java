package dev.weir.local.bedrock.model;

/** Nobody takes any more of the answer: stop making it. */
public final class AnswerEnded extends Exception {
  private static final long serialVersionUID = 1L;

  /** Who ended it. */
  public enum By {
    /** The client closed its connection or its stream. */
    CLIENT,
    /** An injected fault broke the answer off. */
    FAULT
  }

  private final By by;

  public AnswerEnded(By by) {
    super("ended by " + by, null, false, false);
    this.by = by;
  }

  public By by() {
    return by;
  }
}
