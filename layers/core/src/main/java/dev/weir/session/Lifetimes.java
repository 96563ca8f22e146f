package dev.weir.session;

import java.time.Duration;
import java.util.Optional;

/**
 * How long sessions are kept.
 *
 * @param idle after the last turn
 * @param whole after the first turn, however often it is continued
 */
public record Lifetimes(Duration idle, Duration whole) {

  /** The same where others allow less; nobody can allow more. */
  public Lifetimes atMost(Optional<Duration> otherIdle, Optional<Duration> otherWhole) {
    return new Lifetimes(least(idle, otherIdle), least(whole, otherWhole));
  }

  private static Duration least(Duration own, Optional<Duration> other) {
    return other.filter(bound -> bound.compareTo(own) < 0).orElse(own);
  }

  long expires(long bornMillis, long nowMillis) {
    return Math.min(nowMillis + idle.toMillis(), bornMillis + whole.toMillis());
  }
}
