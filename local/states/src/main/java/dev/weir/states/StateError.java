package dev.weir.states;

/** A state's own error, on its way to the state's Retry and Catch. */
final class StateError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  StateError(Failure failure) {
    super(failure.error().orElse("no error"), null, false, false);
    this.failure = failure;
  }

  Failure failure() {
    return failure;
  }
}
