package dev.weir.admission;

import java.time.Duration;

/**
 * Both clocks read at one moment.
 *
 * @param millis the wall clock, epoch milliseconds
 * @param nanos a monotonic clock, nanoseconds from any origin
 */
record Reading(long millis, long nanos) {

  /** Which of two readings was first, by the monotonic clock. */
  static int compare(Reading one, Reading other) {
    return Long.signum(one.nanos - other.nanos);
  }

  /** Milliseconds since this reading by the wall clock; negative if it was set back. */
  long wallSince(Reading now) {
    return now.millis - millis;
  }

  /** Milliseconds since this reading by the monotonic clock. */
  long monotonicSince(Reading now) {
    return Duration.ofNanos(now.nanos - nanos).toMillis();
  }

  /**
   * Whether at most {@code age} has passed by either clock: one of them stands still while an
   * environment is frozen.
   */
  boolean isWithin(Duration age, Reading now) {
    long wall = wallSince(now);
    return wall >= 0 && Math.max(wall, monotonicSince(now)) <= age.toMillis();
  }

  /**
   * Whether the clocks disagree about the time passed by more than {@code error} at each reading
   * explains: the environment was frozen or its clock was set.
   */
  boolean isInterrupted(Duration error, Reading now) {
    return Math.abs(wallSince(now) - monotonicSince(now)) > error.toMillis() * 2 + 1;
  }
}
