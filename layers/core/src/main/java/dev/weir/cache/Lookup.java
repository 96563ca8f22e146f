package dev.weir.cache;

import java.util.Optional;

/** What the cache says of a request. */
public sealed interface Lookup {

  /**
   * A whole, clean answer.
   *
   * @param atMillis epoch milliseconds at which it was kept
   */
  record Hit(byte[] value, long atMillis) implements Lookup {}

  /** Nobody has asked: ask, and fill or abandon the flight. */
  record Lead(Flight flight) implements Lookup {}

  /**
   * Ask without leading: the last leader's answer could not be kept, or the cache is unreadable.
   *
   * @param expired as of a {@link Flight}
   */
  record Alone(Optional<Hit> expired) implements Lookup {}

  /** The leader has not answered before the follower's deadline. */
  record TimedOut() implements Lookup {}
}
