package dev.weir.admission;

import dev.weir.tenant.Limits;
import java.time.Duration;
import java.util.OptionalLong;

/** Limits and settings the tests share. */
final class Some {

  /** Slots of 5 s, clocks within 2 s, requests over within 1 s: M = 5 s. */
  static final LimiterSettings WORST =
      LimiterSettings.of(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

  /** The deployed defaults: slots of 5 s, clocks within 250 ms, requests within 1 s: M = 1.5 s. */
  static final LimiterSettings DEPLOYED =
      LimiterSettings.of(Duration.ofSeconds(5), Duration.ofMillis(250), Duration.ofSeconds(1));

  private Some() {}

  static Limits rates(long requests, long tokens) {
    return new Limits(
        OptionalLong.of(requests),
        OptionalLong.of(tokens),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static Limits requests(long requests) {
    return new Limits(
        OptionalLong.of(requests),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static Limits concurrency(long calls) {
    return new Limits(
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(calls),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static LimiterSettings slots(LimiterSettings settings, Duration slot) {
    return LimiterSettings.of(slot, settings.clockError(), settings.timeout());
  }

  /** Breaks the rule M = 2 D + L. */
  static LimiterSettings margin(LimiterSettings settings, Duration margin) {
    return new LimiterSettings(
        settings.window(),
        settings.slot(),
        settings.clockError(),
        settings.timeout(),
        margin,
        settings.viewAge(),
        settings.refundAge());
  }

  /** Breaks the rule that old views and old refunds do not meet. */
  static LimiterSettings ageless(LimiterSettings settings) {
    return new LimiterSettings(
        settings.window(),
        settings.slot(),
        settings.clockError(),
        settings.timeout(),
        settings.margin(),
        Duration.ofDays(1),
        Duration.ofDays(1));
  }
}
