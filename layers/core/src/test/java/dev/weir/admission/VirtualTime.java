package dev.weir.admission;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * True time of a simulation. Tasks are threads of which exactly one runs at any moment, so the
 * simulated code is ordinary blocking code and yet every run with the same seed is the same.
 */
final class VirtualTime implements InstantSource {

  private static final long START = Instant.parse("2027-03-01T00:00:00Z").toEpochMilli();

  private record Event(long micros, long order, Task task) {}

  private final class Task {
    private final Semaphore turn = new Semaphore(0);
    private final Thread thread;

    private Task(Runnable work) {
      this.thread =
          Thread.ofVirtual()
              .unstarted(() -> {
                turn.acquireUninterruptibly();
                try {
                  work.run();
                } catch (Throwable failure) {
                  failures.add(failure);
                } finally {
                  scheduler.release();
                }
              });
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::micros).thenComparing(Event::order));
  private final Semaphore scheduler = new Semaphore(0);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private Optional<Task> running = Optional.empty();
  private long micros;
  private long order;

  /** Microseconds since the start. */
  long micros() {
    return micros;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return START + micros / 1000;
  }

  /** Runs {@code work} as a task of its own, starting {@code micros} after the start. */
  void at(long micros, Runnable work) {
    Task task = new Task(work);
    task.thread.start();
    events.add(new Event(Math.max(micros, this.micros), order++, task));
  }

  /** Lets time pass for the task that calls this. */
  void sleep(long duration) {
    Task task = running.orElseThrow();
    events.add(new Event(micros + duration, order++, task));
    scheduler.release();
    task.turn.acquireUninterruptibly();
  }

  /** Runs until no task is left. */
  void run() throws InterruptedException {
    Thread loop = Thread.ofVirtual().start(this::loop);
    loop.join();
    if (!failures.isEmpty()) {
      throw new AssertionError("a simulated task failed", failures.peek());
    }
  }

  private void loop() {
    while (!events.isEmpty() && failures.isEmpty()) {
      Event event = events.remove();
      micros = event.micros();
      running = Optional.of(event.task());
      event.task().turn.release();
      scheduler.acquireUninterruptibly();
    }
  }
}
