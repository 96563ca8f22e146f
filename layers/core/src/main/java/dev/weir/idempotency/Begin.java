package dev.weir.idempotency;

/** What an idempotency key says of a request. */
public sealed interface Begin {

  /** The first request of this key: go on, and keep or release the claim. */
  record First(Claim claim) implements Begin {}

  /**
   * This request has been answered before.
   *
   * @param answer as it was kept
   * @param atMillis epoch milliseconds at which it was kept
   */
  @SuppressWarnings("ArrayRecordComponent") // a body on its way, never compared
  record Answered(byte[] answer, long atMillis) implements Begin {}

  /** This request has been answered, but its answer was too large to be kept. */
  record NotKept() implements Begin {}

  /** This request is being answered. */
  record Running() implements Begin {}

  /** The key belongs to another request. */
  record Other() implements Begin {}

  /** What was answered cannot be read, so asking a model could be the second time. */
  record Unreadable() implements Begin {}
}
