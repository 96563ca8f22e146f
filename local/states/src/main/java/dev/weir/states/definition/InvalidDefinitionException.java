package dev.weir.states.definition;

import java.util.List;

/** A definition that is refused, with every reason: each names the state and the field. */
public final class InvalidDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Refusal> refusals;

  InvalidDefinitionException(List<Refusal> refusals) {
    super(
        "Invalid State Machine Definition: "
            + String.join(", ", refusals.stream().map(Refusal::toString).toList()));
    this.refusals = List.copyOf(refusals);
  }

  public List<Refusal> refusals() {
    return refusals;
  }

  /** One reason; the location is a path such as {@code /States/Lock/Retry[0]/MaxAttempts}. */
  public record Refusal(String location, String message) {
    @Override
    public String toString() {
      return "'" + message + " at " + location + "'";
    }
  }
}
