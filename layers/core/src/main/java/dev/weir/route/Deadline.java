package dev.weir.route;

import java.time.Duration;
import java.time.InstantSource;

/**
 * When one request must be over. All timeouts of a request derive from it.
 *
 * @param endMillis epoch milliseconds at which the request ends
 * @param firstContent longest wait for the first content event
 * @param idle longest silence between two events
 */
public record Deadline(long endMillis, Duration firstContent, Duration idle, InstantSource clock) {

  /** Time left, zero when over. */
  public Duration remaining() {
    return Duration.ofMillis(Math.max(0, endMillis - clock.millis()));
  }

  /** Whether it has passed. */
  public boolean isOver() {
    return clock.millis() >= endMillis;
  }
}
