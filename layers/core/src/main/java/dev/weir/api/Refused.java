package dev.weir.api;

/** Carries a refusal from deep inside a reader to its one public method. Never leaves the room. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  Refused(ApiError error) {
    super(error.code(), null, false, false);
    this.error = error;
  }

  ApiError error() {
    return error;
  }
}
