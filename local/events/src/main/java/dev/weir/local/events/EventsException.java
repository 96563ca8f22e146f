package dev.weir.local.events;

/** A request that EventBridge refuses as a whole: {@code ValidationException}. */
public final class EventsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EventsException(String message) {
    super(message, null, false, false);
  }

  /** The error's name in the API. */
  public String code() {
    return "ValidationException";
  }
}
