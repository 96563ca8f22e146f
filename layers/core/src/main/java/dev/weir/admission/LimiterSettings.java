package dev.weir.admission;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
  private static final List<Long> SLOT_SECONDS = List.of(1L, 2L, 5L, 10L);

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

  /**
   * Settings from {@code WEIR_SLOT_SECONDS} (1, 2, 5 or 10; default 5), {@code WEIR_CLOCK_ERROR_MS}
   * (50 to 5000; default 250) and {@code WEIR_LIMITER_TIMEOUT_MS} (250 to 5000; default 1000).
   *
   * @throws IllegalArgumentException if one of them is out of its range
   */
  public static LimiterSettings from(Map<String, String> environment) {
    long slot = number(environment, "WEIR_SLOT_SECONDS", 5, 1, 10);
    if (!SLOT_SECONDS.contains(slot)) {
      throw new IllegalArgumentException("WEIR_SLOT_SECONDS must be one of " + SLOT_SECONDS);
    }
    return of(
        Duration.ofSeconds(slot),
        Duration.ofMillis(number(environment, "WEIR_CLOCK_ERROR_MS", 250, 50, 5000)),
        Duration.ofMillis(number(environment, "WEIR_LIMITER_TIMEOUT_MS", 1000, 250, 5000)));
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

  private static long number(
      Map<String, String> environment, String name, long otherwise, long least, long most) {
    String text = environment.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (least <= number && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a whole number: " + text, e);
    }
    throw new IllegalArgumentException(name + " is not in " + least + ".." + most + ": " + text);
  }
}
