package dev.weir.local.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Time as it passes, that can be sent ahead, and that stands still while something outside of it is
 * waited for: a call of a process takes no time here, so that no timeout strikes because a minute
 * passed in a moment.
 */
public final class ForwardScheduler implements AdvancingScheduler, AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(10);

  private final InstantSource clock;
  private final VirtualScheduler line;
  private final Holds holds = new Holds();
  private final Thread ticker;
  private Duration ahead = Duration.ZERO;

  /** Time that passes from now on. */
  public ForwardScheduler(InstantSource clock, long seed) {
    this.clock = clock;
    line = new VirtualScheduler(clock.instant(), seed);
    ticker = Thread.ofPlatform().daemon().name("time").start(this::tick);
  }

  @Override
  public Instant instant() {
    return line.instant();
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    return line.after(delay, () -> run(action));
  }

  @Override
  public <T> T call(Supplier<T> question) {
    return line.call(question);
  }

  @Override
  public void advance(Duration time) {
    synchronized (holds) {
      ahead = ahead.plus(time);
    }
    pass();
  }

  /** Stops the time until the action that this returns has been run. */
  public Runnable hold() {
    return holds.take();
  }

  /** Ends at once; actions to come never run. */
  @Override
  public void close() {
    ticker.interrupt();
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(TICK);
        pass();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void pass() {
    do {
      holds.await();
    } while (line.runNext(now()));
  }

  private Instant now() {
    synchronized (holds) {
      return clock.instant().plus(ahead);
    }
  }

  /** An action's failure must not end the time. */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      System.err.println("local: " + e);
    }
  }

  private static final class Holds {
    private int held;

    synchronized Runnable take() {
      held++;
      return this::release;
    }

    private synchronized void release() {
      held--;
      notifyAll();
    }

    synchronized void await() {
      try {
        while (held > 0) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
