package dev.weir.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Time as it passes, on one daemon thread. */
public final class RealScheduler implements Scheduler, AutoCloseable {
  private final InstantSource clock;
  private final ThreadLocal<Boolean> mine = ThreadLocal.withInitial(() -> false);
  private final ScheduledThreadPoolExecutor line =
      new ScheduledThreadPoolExecutor(1, this::thread, new ThreadPoolExecutor.DiscardPolicy());

  public RealScheduler(InstantSource clock) {
    this.clock = clock;
    line.setRemoveOnCancelPolicy(true);
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
    if (line.isShutdown()) {
      throw new IllegalStateException("closed");
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

  /** Ends at once; actions to come never run, and questions are refused. */
  @Override
  public void close() {
    line.shutdownNow();
  }

  private Thread thread(Runnable actions) {
    Thread thread =
        new Thread(
            () -> {
              mine.set(true);
              actions.run();
            },
            "states");
    thread.setDaemon(true);
    return thread;
  }
}
