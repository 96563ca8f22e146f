package dev.weir.admission;

import java.time.Duration;

/**
 * The limiter's lengths of time. Only {@link #of} makes a set that the proof in {@code
 * docs/limits.md} covers; the tests make others to show that each length is needed.
 *
 * @param window W, the rolling window a limit speaks of
 * @param slot S, how finely admissions are labelled; shorter wastes less quota, costs more bytes
 * @param clockError D, the most a clock may be off
 * @param timeout L, the most that may pass from reading the clock to the reply
 * @param margin M, how much longer than W the limiter looks back: 2 D + L
 * @param viewAge A, the age up to which a view shows every refund that matters
 * @param refundAge how old a call's slot may be for its unused tokens to be given back: W - A
 */
public record LimiterSettings(
    Duration window,
    Duration slot,
    Duration clockError,
    Duration timeout,
    Duration margin,
    Duration viewAge,
    Duration refundAge) {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Settings for limits per minute. */
  public static LimiterSettings of(Duration slot, Duration clockError, Duration timeout) {
    return of(MINUTE, slot, clockError, timeout);
  }

  /** Settings for limits per {@code window}. */
  public static LimiterSettings of(
      Duration window, Duration slot, Duration clockError, Duration timeout) {
    Duration viewAge = window.dividedBy(4);
    return new LimiterSettings(
        window,
        slot,
        clockError,
        timeout,
        clockError.multipliedBy(2).plus(timeout),
        viewAge,
        window.minus(viewAge));
  }

  /** The slot that a clock reading falls into. */
  long slotAt(long millis) {
    return Math.floorDiv(millis, slot.toMillis());
  }

  /** The clock reading at which a slot begins. */
  long startOf(long slot) {
    return slot * this.slot.toMillis();
  }

  /** k: the oldest slot that may hold an admission of the last W, for a caller at {@code now}. */
  long firstSlot(long now) {
    return slotAt(now - window.toMillis() - margin.toMillis());
  }

  /** The clock reading from which {@code slot} is the first that counts. */
  long firstAt(long slot) {
    return startOf(slot) + window.toMillis() + margin.toMillis();
  }

  /** Whether a call of this slot that ends {@code now} still gives its unused tokens back. */
  boolean isRefundable(long slot, long now) {
    return now - startOf(slot) <= refundAge.toMillis();
  }
}
