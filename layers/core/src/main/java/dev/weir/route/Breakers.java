package dev.weir.route;

import dev.weir.store.BreakerTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The shared circuit breakers as one environment sees them. Reads are kept for {@link #FRESH};
 * writes are made only for a failure, a probe, and the answer that ends either. A breaker that
 * cannot be read or written counts as closed. Thread-safe.
 *
 * <p>One failure among answers is not shared: an environment tells the others of a failure that is
 * its second in a row, or that it has no recent answer to set against. Else a busy fleet with one
 * failure in a hundred calls would count to any threshold.
 */
public final class Breakers {

  static final Duration FRESH = Duration.ofSeconds(2);
  private static final int TRIES = 3;

  private final BreakerTable table;
  private final CircuitBreaker.Rules rules;
  private final InstantSource clock;
  private final Log log;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** What this environment knows of one target. */
  private record Known(CircuitBreaker breaker, long readAt, int failures, long answeredAt) {

    static final Known NOTHING = new Known(CircuitBreaker.CLOSED, 0, 0, 0);

    Known seen(CircuitBreaker now, long at) {
      return new Known(now, at, failures, answeredAt);
    }

    Known failed() {
      return new Known(breaker, readAt, failures + 1, answeredAt);
    }

    Known answered(long at) {
      return new Known(breaker, readAt, 0, at);
    }
  }

  public Breakers(BreakerTable table, CircuitBreaker.Rules rules, InstantSource clock, Log log) {
    this.table = table;
    this.rules = rules;
    this.clock = clock;
    this.log = log;
  }

  /**
   * Asks to pass, and takes the probe where one is due.
   *
   * @param watched whether what other environments found out counts, which costs a read every
   *     {@link #FRESH}; if not, the breaker is read only after a failure here
   * @return epoch milliseconds of the next probe when the target must not be asked
   */
  public OptionalLong refusal(String target, boolean watched) {
    try {
      return refusal(target, current(target, watched));
    } catch (RuntimeException e) {
      unreadable(target, e);
      return OptionalLong.empty();
    }
  }

  private OptionalLong refusal(String target, CircuitBreaker breaker) {
    long now = clock.millis();
    return switch (breaker.gate(now)) {
      case CircuitBreaker.Gate.Passable() -> OptionalLong.empty();
      case CircuitBreaker.Gate.Shut(long until) -> OptionalLong.of(until);
      case CircuitBreaker.Gate.Probe() -> {
        CircuitBreaker probing = breaker.probing(rules, now);
        if (swap(target, probing)) {
          yield OptionalLong.empty();
        }
        yield switch (read(target, true).gate(now)) {
          case CircuitBreaker.Gate.Passable() -> OptionalLong.empty();
          case CircuitBreaker.Gate.Shut(long until) -> OptionalLong.of(until);
          case CircuitBreaker.Gate.Probe() -> OptionalLong.of(now + rules.open().toMillis());
        };
      }
    };
  }

  /** When the target may be asked again, as far as is known here. */
  public OptionalLong reopens(String target) {
    return of(target).breaker().gate(clock.millis()) instanceof CircuitBreaker.Gate.Shut(long until)
        ? OptionalLong.of(until)
        : OptionalLong.empty();
  }

  /** Told that the target has begun to answer. */
  public void answered(String target) {
    long now = clock.millis();
    known.compute(target, (_, was) -> (was == null ? Known.NOTHING : was).answered(now));
    if (of(target).breaker().isDisturbed(now)) {
      // A late answer to a call from before it opened says nothing of now.
      change(
          target,
          breaker ->
              breaker.isDisturbed(now) && breaker.openUntil() <= now
                  ? Optional.of(breaker.succeeded())
                  : Optional.empty());
    }
  }

  /**
   * Told that the target has failed.
   *
   * @param points how much that counts, {@link CircuitBreaker#HALF} or {@link CircuitBreaker#FULL}
   * @param wait how long the target asked to be spared
   */
  public void failed(String target, int points, Duration wait) {
    long now = clock.millis();
    Known was = of(target);
    known.compute(target, (_, before) -> (before == null ? Known.NOTHING : before).failed());
    boolean isShared =
        was.failures() > 0
            || now - was.answeredAt() > rules.open().toMillis()
            || was.breaker().isDisturbed(now);
    if (isShared) {
      change(target, breaker -> Optional.of(breaker.failed(points, wait, rules, now)));
    }
  }

  private void change(String target, Function<CircuitBreaker, Optional<CircuitBreaker>> step) {
    try {
      CircuitBreaker before = of(target).breaker();
      for (int i = 0; i < TRIES; i++) {
        Optional<CircuitBreaker> next = step.apply(before);
        if (next.isEmpty()) {
          return;
        }
        if (swap(target, next.get())) {
          tell(target, before, next.get());
          return;
        }
        before = read(target, true);
      }
    } catch (RuntimeException e) {
      unreadable(target, e);
    }
  }

  private void tell(String target, CircuitBreaker before, CircuitBreaker after) {
    if (before.openUntil() == 0 && after.openUntil() != 0) {
      log.write(
          Line.warn("breaker_opened")
              .with("target", target)
              .with("openMillis", after.openUntil() - clock.millis())
              .metric(Names.BREAKER_OPEN, Line.Unit.COUNT, 1));
    } else if (before.openUntil() != 0 && after.openUntil() == 0) {
      log.write(Line.info("breaker_closed").with("target", target));
    }
  }

  private CircuitBreaker current(String target, boolean watched) {
    Known now = of(target);
    boolean isOld = clock.millis() - now.readAt() >= FRESH.toMillis();
    boolean matters = watched || now.failures() > 0 || now.breaker().isDisturbed(clock.millis());
    return isOld && matters ? read(target, false) : now.breaker();
  }

  private CircuitBreaker read(String target, boolean consistent) {
    CircuitBreaker breaker =
        table
            .read(target, consistent)
            .map(row ->
                new CircuitBreaker(
                    row.version(),
                    row.points(),
                    row.countedUntil(),
                    row.openUntil(),
                    row.probeUntil()))
            .orElse(CircuitBreaker.CLOSED);
    see(target, breaker);
    return breaker;
  }

  private boolean swap(String target, CircuitBreaker next) {
    boolean isWritten =
        table.swap(
            target,
            new BreakerTable.Row(
                next.version(),
                next.points(),
                next.countedUntil(),
                next.openUntil(),
                next.probeUntil()),
            clock.millis());
    if (isWritten) {
      see(target, next);
    }
    return isWritten;
  }

  private void see(String target, CircuitBreaker breaker) {
    long now = clock.millis();
    known.compute(target, (_, was) -> (was == null ? Known.NOTHING : was).seen(breaker, now));
  }

  private Known of(String target) {
    return known.getOrDefault(target, Known.NOTHING);
  }

  private void unreadable(String target, RuntimeException e) {
    see(target, CircuitBreaker.CLOSED);
    log.write(Line.warn("breaker_unreadable").with("target", target).with(e));
  }
}
