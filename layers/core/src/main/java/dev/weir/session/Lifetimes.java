package dev.weir.session;

import java.time.Duration;

/**
 * How long sessions are kept.
 *
 * @param idle after the last turn
 * @param whole after the first turn, however often it is continued
 */
public record Lifetimes(Duration idle, Duration whole) {

  long expires(long bornMillis, long nowMillis) {
    return Math.min(nowMillis + idle.toMillis(), bornMillis + whole.toMillis());
  }
}
