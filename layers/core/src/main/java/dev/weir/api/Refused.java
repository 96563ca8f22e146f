package dev.weir.api;

/** Carries a refusal from deep inside a reader to the one method that answers it. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  public Refused(ApiError error) {
    super(error.code(), null, false, false);
    this.error = error;
  }

  /** What the client gets. */
  public ApiError error() {
    return error;
  }
}
