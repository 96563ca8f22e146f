package dev.weir.cache;

import dev.weir.route.Deadline;
import dev.weir.store.ResponseTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The exact response cache and its single flight: of equal requests at once, in however many
 * environments, one asks and the others wait for its answer.
 *
 * <p>A leader's claim lasts {@link #CLAIM} and is renewed while it works, so that the followers of
 * a killed leader take over soon. A cache that cannot be read or written costs hits, never answers.
 * Thread-safe.
 */
public final class ResponseCache {

  static final Duration CLAIM = Duration.ofSeconds(15);
  private static final Duration RENEWAL = Duration.ofSeconds(5);

  /** How long followers of an answer that could not be kept go on without a leader. */
  private static final Duration OPEN = Duration.ofSeconds(5);

  private static final Duration FIRST_POLL = Duration.ofMillis(60);
  private static final Duration SLOWEST_POLL = Duration.ofMillis(500);

  /** Waits between two polls. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private final ResponseTable table;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final ScheduledExecutorService scheduler;
  private final Log log;

  public ResponseCache(
      ResponseTable table,
      InstantSource clock,
      Sleeper sleeper,
      ScheduledExecutorService scheduler,
      Log log) {
    this.table = table;
    this.clock = clock;
    this.sleeper = sleeper;
    this.scheduler = scheduler;
    this.log = log;
  }

  /**
   * Looks up, leads or waits.
   *
   * @param owner unique to this request
   */
  public Lookup join(CacheKey key, String owner, Deadline deadline) {
    Duration poll = FIRST_POLL;
    while (true) {
      Optional<ResponseTable.Item> live;
      Optional<Lookup.Hit> expired;
      try {
        Optional<ResponseTable.Item> found = table.read(name(key));
        expired = kept(found);
        live = live(found);
        if (live.isEmpty()) {
          live = start(key, owner);
        }
      } catch (RuntimeException e) {
        log.write(Line.warn("cache_unreadable").with(e));
        return new Lookup.Alone(Optional.empty());
      }
      if (live.isEmpty()) {
        return new Lookup.Lead(new Flight(key, owner, expired));
      }
      ResponseTable.Item item = live.get();
      switch (item.state()) {
        case FILLED -> {
          return new Lookup.Hit(item.value(), item.atMillis());
        }
        case OPEN -> {
          return new Lookup.Alone(kept(live));
        }
        case RUNNING -> {
          if (deadline.isOver()) {
            return new Lookup.TimedOut();
          }
        }
      }
      if (!waitFor(poll)) {
        return new Lookup.TimedOut();
      }
      poll = min(poll.multipliedBy(3).dividedBy(2), SLOWEST_POLL);
    }
  }

  private Optional<ResponseTable.Item> start(CacheKey key, String owner) {
    long now = clock.millis();
    return table.start(name(key), owner, now, now + CLAIM.toMillis(), new byte[0]);
  }

  private Optional<ResponseTable.Item> live(Optional<ResponseTable.Item> item) {
    return item.filter(found -> found.expiresMillis() > clock.millis());
  }

  /** The answer an item holds, live or not; only a filled item and its remains hold one. */
  private static Optional<Lookup.Hit> kept(Optional<ResponseTable.Item> item) {
    return item.filter(found -> found.atMillis() > 0)
        .map(found -> new Lookup.Hit(found.value(), found.atMillis()));
  }

  private boolean waitFor(Duration time) {
    try {
      sleeper.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Renews the leader's claim until the returned handle is cancelled. */
  public ScheduledFuture<?> keepClaim(Flight flight) {
    return scheduler.scheduleWithFixedDelay(
        () -> mark(flight, ResponseTable.State.RUNNING, CLAIM),
        RENEWAL.toMillis(),
        RENEWAL.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Keeps a whole, clean answer. */
  public void fill(CacheKey key, String owner, byte[] value, Duration timeToLive) {
    if (value.length > ResponseTable.LARGEST_VALUE) {
      abandon(new Flight(key, owner, Optional.empty()));
      return;
    }
    try {
      long now = clock.millis();
      table.fill(name(key), owner, now, now + timeToLive.toMillis(), value);
    } catch (RuntimeException e) {
      log.write(
          Line.warn("cache_not_filled").with(e).metric(Names.LOST_WRITES, Line.Unit.COUNT, 1));
    }
  }

  /** Lets the followers go on by themselves: the leader's answer cannot be kept. */
  public void abandon(Flight flight) {
    mark(flight, ResponseTable.State.OPEN, OPEN);
  }

  private void mark(Flight flight, ResponseTable.State state, Duration time) {
    try {
      // Marking replaces the item, so the expired answer is put back when the flight is over.
      Optional<Lookup.Hit> remains =
          state == ResponseTable.State.OPEN ? flight.expired() : Optional.empty();
      table.mark(
          name(flight.key()),
          flight.owner(),
          state,
          clock.millis() + time.toMillis(),
          remains.map(Lookup.Hit::atMillis).orElse(0L),
          remains.map(Lookup.Hit::value).orElse(new byte[0]));
    } catch (RuntimeException e) {
      log.write(Line.warn("cache_not_marked").with(e));
    }
  }

  private static String name(CacheKey key) {
    return key.tenantId() + "#" + key.digest();
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
