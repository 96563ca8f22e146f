package dev.weir.states;

/** A request that the control plane refuses, as the API names it. */
public final class StatesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;

  StatesException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Such as {@code ExecutionAlreadyExists}. */
  public String code() {
    return code;
  }
}
