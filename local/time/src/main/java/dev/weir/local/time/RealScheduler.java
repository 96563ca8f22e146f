package dev.weir.local.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Time as it passes, on one daemon thread. */
public final class RealScheduler implements Scheduler, AutoCloseable {
  private final InstantSource clock;
  private final ThreadLocal<Boolean> mine = ThreadLocal.withInitial(() -> false);
  private final ScheduledExecutorService line =
      Executors.newSingleThreadScheduledExecutor(action -> {
        Thread thread =
            new Thread(
                () -> {
                  mine.set(true);
                  action.run();
                },
                "states");
        thread.setDaemon(true);
        return thread;
      });

  public RealScheduler(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Future<?> future = line.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public <T> T call(Supplier<T> question) {
    if (mine.get()) {
      return question.get();
    }
    try {
      return line.submit(question::get).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends at once; actions to come never run. */
  @Override
  public void close() {
    line.shutdownNow();
  }
}
