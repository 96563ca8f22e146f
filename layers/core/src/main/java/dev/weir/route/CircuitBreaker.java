package dev.weir.route;

import java.time.Duration;

/**
 * A target's circuit breaker as all environments share it: a state machine whose every step is a
 * new value. Closed while it counts failures, open until a time, then half-open: one environment
 * holds the right to probe and all others still find it open.
 *
 * @param version grows with every step, so that a step is only taken from the state it was made for
 * @param points failures counted, in halves
 * @param countedUntil epoch milliseconds at which they are forgotten
 * @param openUntil epoch milliseconds; 0 when it is closed
 * @param probeUntil epoch milliseconds until which somebody holds the probe; 0 when nobody does
 */
public record CircuitBreaker(
    long version, int points, long countedUntil, long openUntil, long probeUntil) {

  /** Nothing known against the target. */
  public static final CircuitBreaker CLOSED = new CircuitBreaker(0, 0, 0, 0, 0);

  /** Points of a failure that is the target's. */
  public static final int FULL = 2;

  /** Points of a failure that is perhaps the target's. */
  public static final int HALF = 1;

  /**
   * When it opens and for how long.
   *
   * @param failures that open it
   * @param open how long it stays open, and how long failures are counted together
   * @param probe how long a probe may take before somebody else may
   */
  public record Rules(int failures, Duration open, Duration probe) {}

  /** Whether the target may be asked. */
  public sealed interface Gate {
    /** It may. */
    record Passable() implements Gate {}

    /** It may by whoever takes the probe first. */
    record Probe() implements Gate {}

    /**
     * It may not.
     *
     * @param until epoch milliseconds of the next probe
     */
    record Shut(long until) implements Gate {}
  }

  /** Whether the target may be asked now. */
  public Gate gate(long now) {
    if (openUntil == 0) {
      return new Gate.Passable();
    }
    long until = Math.max(openUntil, probeUntil);
    return until > now ? new Gate.Shut(until) : new Gate.Probe();
  }

  /** Whether it is not closed, or counts something. */
  public boolean isDisturbed(long now) {
    return openUntil != 0 || (points > 0 && countedUntil > now);
  }

  /**
   * After a failure. An open one never opens sooner than it would have.
   *
   * @param wait how long the target asked to be spared
   */
  public CircuitBreaker failed(int more, Duration wait, Rules rules, long now) {
    int counted = (countedUntil > now ? points : 0) + more;
    boolean opens = openUntil != 0 || counted >= rules.failures() * FULL;
    long spared = now + (wait.compareTo(rules.open()) > 0 ? wait : rules.open()).toMillis();
    return new CircuitBreaker(
        version + 1,
        counted,
        now + rules.open().toMillis(),
        opens ? Math.max(openUntil, spared) : 0,
        0);
  }

  /** With the probe taken. */
  public CircuitBreaker probing(Rules rules, long now) {
    return new CircuitBreaker(
        version + 1, points, countedUntil, openUntil, now + rules.probe().toMillis());
  }

  /** After an answer. */
  public CircuitBreaker succeeded() {
    return new CircuitBreaker(version + 1, 0, 0, 0, 0);
  }
}
