package dev.weir.local.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.local.http.Exchange;
import dev.weir.local.http.Headers;
import dev.weir.local.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One environment: a process, the events it was given and those it has taken. An event belongs to
 * the runtime connection it was taken on until that connection asks for the next one or ends.
 */
final class Environment {
  private static final Duration INIT_LIMIT = Duration.ofSeconds(60);

  private final Function function;
  private final int concurrency;
  private final ScheduledExecutorService timers;
  private final InstantSource clock;
  private final BlockingQueue<Invocation> queue = new LinkedBlockingQueue<>();
  private final TakenEvents taken = new TakenEvents();
  private final Future<?> initTimer;
  private State state = State.STARTING;
  private boolean frozen;
  private long invocations;
  private Optional<Process> process = Optional.empty();
  private Optional<String> initError = Optional.empty();

  private enum State {
    STARTING,
    READY,
    DEAD
  }

  Environment(
      Function function, int concurrency, ScheduledExecutorService timers, InstantSource clock) {
    this.function = function;
    this.concurrency = concurrency;
    this.timers = timers;
    this.clock = clock;
    initTimer = timers.schedule(this::endUnlessReady, INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized boolean hasRoom() {
    return isServing() && inFlight() < concurrency;
  }

  synchronized boolean isStarting() {
    return state == State.STARTING;
  }

  synchronized boolean isServing() {
    return state != State.DEAD && !frozen;
  }

  private synchronized boolean isAlive() {
    return state != State.DEAD;
  }

  int inFlight() {
    return queue.size() + taken.size();
  }

  /**
   * Gives it an event.
   *
   * @return false when it takes none
   */
  synchronized boolean offer(Invocation invocation) {
    if (!hasRoom()) {
      return false;
    }
    invocations++;
    return queue.add(invocation);
  }

  synchronized EnvironmentStatus status() {
    return new EnvironmentStatus(
        function.spec().name(),
        process.map(Process::pid).orElse(0L),
        frozen ? "FROZEN" : state.name(),
        inFlight(),
        invocations);
  }

  /** The process runs; it ends with this environment and this environment with it. */
  void started(Process child) {
    boolean late;
    synchronized (this) {
      process = Optional.of(child);
      late = state == State.DEAD;
      if (frozen) {
        signal(child, "STOP");
      }
    }
    child.onExit().thenAccept(it -> end("the process ended with status " + it.exitValue()));
    if (late) {
      child.destroyForcibly();
    }
  }

  /** Answers a request for the next event, which may take for ever. */
  void next(Exchange exchange) throws IOException {
    release(exchange.connection(), "the runtime asked for more without a result");
    synchronized (this) {
      if (state == State.STARTING) {
        state = State.READY;
        initTimer.cancel(false);
      }
    }
    function.hasRoom(this);
    exchange.onDisconnect(Thread.currentThread()::interrupt);
    Invocation invocation;
    try {
      invocation = queue.take();
    } catch (InterruptedException e) {
      exchange.abort();
      return;
    }
    hand(invocation, exchange);
  }

  private void hand(Invocation invocation, Exchange exchange) throws IOException {
    var timeout = function.spec().timeout();
    var timer =
        timers.schedule(
            () -> end("timed out after " + timeout.toSeconds() + " s"),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    taken.add(exchange.connection(), invocation, timer);
    if (!isAlive()) {
      giveBack(exchange.connection());
      exchange.abort();
      return;
    }
    var headers =
        Headers.of(
            "Content-Type", "application/json",
            "Lambda-Runtime-Aws-Request-Id", invocation.id(),
            "Lambda-Runtime-Deadline-Ms", Long.toString(clock.millis() + timeout.toMillis()),
            "Lambda-Runtime-Invoked-Function-Arn", Lambda.arn(function.spec().name()),
            "Lambda-Runtime-Trace-Id", invocation.trace());
    try {
      exchange.respond(200, headers, invocation.event());
    } catch (IOException e) {
      // The runtime was gone before it could have seen the event.
      giveBack(exchange.connection());
      throw e;
    }
  }

  /** What was taken on this connection goes elsewhere, unless it has been failed meanwhile. */
  private void giveBack(Object connection) {
    taken.remove(connection).ifPresent(function::place);
  }

  /** The event with this id that the runtime has taken. */
  Optional<Invocation> taken(String id) {
    return taken.find(id);
  }

  /**
   * The runtime is done with the event it took on this connection.
   *
   * @param failure what went wrong if there is no result
   */
  private void release(Object connection, String failure) {
    var done = taken.remove(connection);
    if (done.isPresent()) {
      done.get().complete(new Outcome.Failed("Runtime.NoResult", failure));
      function.hasRoom(this);
    }
  }

  /** A connection of the runtime ended; without a result there will be none. */
  void connectionEnded(Object connection) {
    release(connection, "the runtime closed its connection");
  }

  /** The runtime could not make its handler. */
  void initFailed(byte[] error) {
    synchronized (this) {
      initError = Optional.of(new String(error, UTF_8));
    }
    end("init failed");
  }

  /** Stops the process where it is; no event is given to it until it goes on. */
  void freeze() {
    var untaken = new ArrayList<Invocation>();
    synchronized (this) {
      if (isServing()) {
        frozen = true;
        process.ifPresent(child -> signal(child, "STOP"));
        queue.drainTo(untaken);
      }
    }
    function.replace(untaken);
  }

  /** Lets a frozen process go on. */
  void thaw() {
    synchronized (this) {
      if (frozen && isAlive()) {
        frozen = false;
        process.ifPresent(child -> signal(child, "CONT"));
      }
    }
    function.hasRoom(this);
  }

  /** Kills the process and fails what it has taken; what waits goes elsewhere. */
  void end(String reason) {
    var untaken = new ArrayList<Invocation>();
    boolean neverReady;
    synchronized (this) {
      if (state == State.DEAD) {
        return;
      }
      neverReady = state == State.STARTING;
      state = State.DEAD;
      queue.drainTo(untaken);
      process.ifPresent(Process::destroyForcibly);
    }
    initTimer.cancel(false);
    var failure = new Outcome.Failed("Runtime.ExitError", initError.orElse(reason));
    taken.removeAll().forEach(invocation -> invocation.complete(failure));
    if (neverReady) {
      // Another environment would fail as this one did.
      untaken.forEach(invocation -> invocation.complete(failure));
      untaken.clear();
    }
    function.ended(this, untaken);
  }

  private void endUnlessReady() {
    if (isStarting()) {
      end("init took longer than " + INIT_LIMIT.toSeconds() + " s");
    }
  }

  private static void signal(Process child, String name) {
    try {
      Children.signal(child, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
