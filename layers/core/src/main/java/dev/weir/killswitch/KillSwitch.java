package dev.weir.killswitch;

import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The switches as one environment sees them, at most {@link #FRESH} old where a call begins and
 * about as old while one runs, so that a switch acts within 5 s everywhere. Switches that cannot be
 * read for longer than {@link #STALE} stop new calls; running ones go on. Once a minute an
 * environment that runs says how old its knowledge is, which proves that it can read them.
 *
 * <p>A second lever, independent of the first, is only ever read beside the calls, so that it costs
 * none of them a round trip: what it has turned off ends a call that has begun. While it cannot be
 * read, what it said last holds. Thread-safe.
 */
public final class KillSwitch {

  /** How old what is known may be when a call begins. */
  static final Duration FRESH = Duration.ofSeconds(2);

  /** How old it may be when it cannot be read anew. */
  static final Duration STALE = Duration.ofSeconds(5);

  /** How old what the second lever said may be while calls begin or run. */
  static final Duration LEVER_FRESH = Duration.ofSeconds(3);

  /** How often the age is told. */
  static final Duration PROOF = Duration.ofSeconds(60);

  private static final Duration OLDEST = Duration.ofHours(1);

  /** The first read of a cold environment has classes to load and a connection to open. */
  private static final Duration COLD = Duration.ofSeconds(5);

  private static final Duration WARM = Duration.ofSeconds(1);

  /** Whether a call may begin. */
  public sealed interface Check {
    record On() implements Check {}

    record Switched(Off off) implements Check {}

    /** Nobody knows. */
    record Unreadable() implements Check {}
  }

  private record Seen(List<Off> off, long atMillis) {
    boolean isWithin(Duration age, long nowMillis) {
      long old = nowMillis - atMillis;
      return old >= 0 && old < age.toMillis();
    }
  }

  private static final Seen NOTHING = new Seen(List.of(), Long.MIN_VALUE / 2);

  private final Switches switches;
  private final Supplier<List<Off>> lever;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private final Log log;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isPulling = new AtomicBoolean();
  private volatile Seen seen = NOTHING;
  private volatile Seen pulled = NOTHING;
  private long provedAtMillis = NOTHING.atMillis();
  private long failedAtMillis = NOTHING.atMillis();

  /**
   * @param lever what the second lever has turned off
   * @param scheduler looks after running answers
   */
  public KillSwitch(
      Switches switches,
      Supplier<List<Off>> lever,
      InstantSource clock,
      ScheduledExecutorService scheduler,
      Log log) {
    this.switches = switches;
    this.lever = lever;
    this.scheduler = scheduler;
    this.clock = clock;
    this.log = log;
    scheduler.scheduleWithFixedDelay(
        this::look, FRESH.toMillis(), FRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether a call of all these may begin; asks the table when what is known is not fresh. */
  public Check check(Set<Target> targets) {
    pullSoon();
    if (!seen.isWithin(FRESH, clock.millis())) {
      refresh();
    }
    Seen now = seen;
    if (!now.isWithin(STALE, clock.millis())) {
      return new Check.Unreadable();
    }
    return first(now, targets)
        .or(() -> first(pulled, targets))
        .<Check>map(Check.Switched::new)
        .orElseGet(Check.On::new);
  }

  /** Has the calling thread interrupted as soon as one of these is seen to be off. */
  public Watch watch(Set<Target> targets) {
    Watch watch = new Watch(targets, Thread.currentThread(), watches::remove);
    watches.add(watch);
    return watch;
  }

  private void look() {
    prove();
    if (watches.isEmpty()) {
      return;
    }
    pullSoon();
    if (!seen.isWithin(FRESH.dividedBy(2), clock.millis())) {
      refresh();
    }
    end(seen);
  }

  private void end(Seen by) {
    for (Watch watch : watches) {
      first(by, watch.targets()).ifPresent(watch::end);
    }
  }

  private void prove() {
    long now = clock.millis();
    if (now - provedAtMillis < PROOF.toMillis()) {
      return;
    }
    provedAtMillis = now;
    refresh();
    long age = Math.clamp(clock.millis() - seen.atMillis(), 0, OLDEST.toMillis());
    log.write(Line.info("switches").metric(Names.SWITCH_AGE, Line.Unit.SECONDS, age / 1000.0));
  }

  /** Reads the second lever on the scheduler's thread, one read at a time. */
  private void pullSoon() {
    if (!pulled.isWithin(LEVER_FRESH, clock.millis()) && isPulling.compareAndSet(false, true)) {
      scheduler.execute(this::pull);
    }
  }

  private void pull() {
    long asked = clock.millis();
    try {
      pulled = new Seen(lever.get(), asked);
      end(pulled);
    } catch (RuntimeException e) {
      pulled = new Seen(pulled.off(), asked);
      log.write(Line.warn("switch_lever_unreadable").with(e));
    } finally {
      isPulling.set(false);
    }
  }

  private synchronized void refresh() {
    long now = clock.millis();
    boolean hasFailed = now - failedAtMillis < WARM.toMillis() && now >= failedAtMillis;
    if (hasFailed || seen.isWithin(FRESH.dividedBy(2), now)) {
      return; // somebody else has just tried
    }
    try {
      seen = new Seen(switches.off(seen.equals(NOTHING) ? COLD : WARM), now);
    } catch (RuntimeException e) {
      failedAtMillis = clock.millis();
      log.write(
          Line.error("switches_unreadable")
              .with(e)
              .metric(Names.SWITCHES_UNREADABLE, Line.Unit.COUNT, 1));
    }
  }

  private static Optional<Off> first(Seen seen, Set<Target> targets) {
    return seen.off().stream().filter(off -> targets.contains(off.target())).findFirst();
  }
}
