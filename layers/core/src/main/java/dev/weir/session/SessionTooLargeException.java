package dev.weir.session;

/** A record is larger than {@link Sessions#LARGEST}. */
public final class SessionTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
