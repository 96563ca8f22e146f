package dev.weir.admission;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Compares the local clock with the Date header of every reply of DynamoDB. The limiter's promise
 * holds only while the clock is within its error bound. Thread-safe.
 */
final class ClockGuard {

  /** The Date header counts whole seconds. */
  private static final long RESOLUTION = 1000;

  private final long tolerance;
  private final Consumer<LimiterAlarm> alarms;
  private volatile boolean suspect;

  ClockGuard(Duration clockError, Consumer<LimiterAlarm> alarms) {
    this.tolerance = clockError.toMillis() + RESOLUTION;
    this.alarms = alarms;
  }

  /**
   * Judges the clock by one reply; without a date it stays as it was judged before.
   *
   * @param sent local epoch milliseconds before the request
   * @param received local epoch milliseconds after the reply
   */
  void observe(long sent, long received, OptionalLong date) {
    if (date.isEmpty()) {
      return;
    }
    long ahead = sent - date.getAsLong();
    long behind = date.getAsLong() - received;
    suspect = Math.max(ahead, behind) > tolerance;
    if (suspect) {
      alarms.accept(
          new LimiterAlarm.ClockError(Duration.ofMillis(ahead > behind ? ahead : -behind)));
    }
  }

  /** Whether the last dated reply showed the clock beyond its bound. */
  boolean isSuspect() {
    return suspect;
  }
}
