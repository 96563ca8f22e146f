package dev.weir.route;

import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * How many attempts may be repeated: a token bucket that each call pays a part of a retry into, so
 * that retries stay that part of the load however long everything fails.
 *
 * <p>It starts with a random part of one retry. A fleet of many environments with a few calls each
 * then repeats the same part of its load as one environment with many calls, neither more (each
 * starting full) nor nothing (each starting empty). That part is drawn at the first call, because
 * environments restored from one snapshot must not share it. Thread-safe.
 */
public final class RetryBudget {

  /** The most that can be saved up: what a quiet hour may add to the first second of an outage. */
  private static final double MOST = 10;

  private final double deposit;
  private final RandomGenerator random;
  private OptionalDouble balance = OptionalDouble.empty();

  /**
   * @param percent retries per hundred calls
   * @param random gives the part it starts with
   */
  public RetryBudget(int percent, RandomGenerator random) {
    this.deposit = percent / 100.0;
    this.random = random;
  }

  /** A call pays in. */
  public synchronized void deposit() {
    double saved = balance.orElseGet(() -> deposit == 0 ? 0 : random.nextDouble());
    balance = OptionalDouble.of(Math.min(MOST, saved + deposit));
  }

  /** Takes one retry out, if there is one. */
  public synchronized boolean take() {
    double saved = balance.orElse(0);
    if (saved < 1) {
      return false;
    }
    balance = OptionalDouble.of(saved - 1);
    return true;
  }
}
