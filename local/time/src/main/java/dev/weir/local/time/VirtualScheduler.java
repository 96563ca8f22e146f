package dev.weir.local.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Time that passes only when nothing is left to do before it: actions run in order of time, and
 * those of one moment in an order drawn from the seed. The same seed gives the same run.
 */
public final class VirtualScheduler implements AdvancingScheduler {
  private final RandomGenerator random;
  private final PriorityQueue<Action> actions =
      new PriorityQueue<>(
          Comparator.comparing((Action action) -> action.at)
              .thenComparingLong(action -> action.draw)
              .thenComparingLong(action -> action.number));
  private Instant now;
  private long numbered;

  public VirtualScheduler(Instant start, long seed) {
    now = start;
    random = new Random(seed);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable action) {
    Action added = new Action(now.plus(delay), random.nextLong(), numbered++, action);
    actions.add(added);
    return added;
  }

  @Override
  public synchronized <T> T call(Supplier<T> question) {
    return question.get();
  }

  /** Runs whatever there is to run, until nothing is left. */
  public void run() {
    runUntil(Instant.MAX);
  }

  /** Runs what is due until then, and lets the time come to then unless that is the end of time. */
  public synchronized void runUntil(Instant end) {
    while (runNext(end)) {
      // Each action may add more.
    }
  }

  /**
   * Runs the next action due until then; without one, lets the time come to then unless that is the
   * end of time.
   *
   * @return whether there was one
   */
  synchronized boolean runNext(Instant end) {
    while (!actions.isEmpty() && !actions.peek().at.isAfter(end)) {
      Action next = actions.remove();
      if (!next.cancelled) {
        now = next.at;
        next.action.run();
        return true;
      }
    }
    if (!end.equals(Instant.MAX) && end.isAfter(now)) {
      now = end;
    }
    return false;
  }

  @Override
  public synchronized void advance(Duration time) {
    runUntil(now.plus(time));
  }

  private static final class Action implements Timer {
    private final Instant at;
    private final long draw;
    private final long number;
    private final Runnable action;
    private boolean cancelled;

    Action(Instant at, long draw, long number, Runnable action) {
      this.at = at;
      this.draw = draw;
      this.number = number;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
