package dev.weir.remedy.idle;

import java.time.Duration;

/**
 * When something counts as idle.
 *
 * @param idleAfter quiet for this long is idle, for notebooks and apps
 * @param endpointAfter without a request for this long is idle, for endpoints; also their least age
 * @param ageLimit older than this is left over, for jobs, artefacts and apps nobody can look into
 * @param period how often a heartbeat is written
 * @param busyPercent CPU or GPU at or above which something runs, whatever the kernels say
 */
public record IdleRules(
    Duration idleAfter,
    Duration endpointAfter,
    Duration ageLimit,
    Duration period,
    double busyPercent) {

  /** Largest error of a resource's own clock. */
  public static final Duration CLOCK_ERROR = Duration.ofMinutes(10);

  /** Periods without a heartbeat after which it is missing. */
  public static final int PERIODS = 3;

  /** The part of the hours of which a metric has to be reported, to prove that metrics arrive. */
  public static final double REPORTED = 0.9;

  /** One hour, 7 days, 14 days, 5 minutes, 10 %. */
  public static final IdleRules DEFAULT =
      new IdleRules(
          Duration.ofHours(1), Duration.ofDays(7), Duration.ofDays(14), Duration.ofMinutes(5), 10);

  public IdleRules {
    if (!idleAfter.isPositive()
        || !endpointAfter.isPositive()
        || !ageLimit.isPositive()
        || !period.isPositive()
        || !(busyPercent > 0 && busyPercent <= 100)) {
      throw new IllegalArgumentException("rules are above zero, and percents up to 100");
    }
  }

  /** How old the last heartbeat may be, by a clock that may be wrong. */
  Duration heartbeatLimit() {
    return period.multipliedBy(PERIODS).plus(CLOCK_ERROR);
  }
}
