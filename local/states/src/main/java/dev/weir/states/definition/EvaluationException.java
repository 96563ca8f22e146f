package dev.weir.states.definition;

/**
 * An expression that could not be evaluated, gave nothing, or gave the wrong type: in Step
 * Functions {@code States.QueryEvaluationError}.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String location;

  public EvaluationException(String location, String message) {
    super(message);
    this.location = location;
  }

  /** The field within the state, such as {@code Output/result}. */
  public String location() {
    return location;
  }
}
