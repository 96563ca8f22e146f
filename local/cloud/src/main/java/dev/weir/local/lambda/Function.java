package dev.weir.local.lambda;

import dev.weir.local.template.FunctionSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** Places a function's events in its environments and starts environments when they are busy. */
final class Function {
  private final FunctionSpec spec;
  private final int maxEnvironments;
  private final Launcher launcher;
  private final List<Environment> environments = new ArrayList<>();
  private final Queue<Invocation> backlog = new ArrayDeque<>();
  private boolean closed;

  /** Makes an environment; its process starts meanwhile. */
  interface Launcher {
    Environment launch(Function function);
  }

  Function(FunctionSpec spec, int maxEnvironments, Launcher launcher) {
    this.spec = spec;
    this.maxEnvironments = maxEnvironments;
    this.launcher = launcher;
  }

  FunctionSpec spec() {
    return spec;
  }

  /** Gives the event to an environment, a new one when all are busy and more may run. */
  synchronized void place(Invocation invocation) {
    if (closed) {
      invocation.complete(new Outcome.Failed("Closed", "the local cloud is closing"));
      return;
    }
    while (true) {
      var environment = withRoom().or(this::launched);
      if (environment.isEmpty()) {
        backlog.add(invocation);
        return;
      }
      if (environment.get().offer(invocation)) {
        return;
      }
    }
  }

  /** An environment has room again. */
  synchronized void hasRoom(Environment environment) {
    while (!backlog.isEmpty() && environment.offer(backlog.element())) {
      backlog.remove();
    }
  }

  /** An environment has ended; the events it had not taken go elsewhere. */
  synchronized void ended(Environment environment, Collection<Invocation> untaken) {
    environments.remove(environment);
    replace(untaken);
  }

  /** Places these events and those that wait. */
  synchronized void replace(Collection<Invocation> untaken) {
    var all = new ArrayList<>(untaken);
    all.addAll(backlog);
    backlog.clear();
    all.forEach(this::place);
  }

  synchronized List<EnvironmentStatus> status() {
    return environments.stream().map(Environment::status).toList();
  }

  /**
   * Does something to every environment.
   *
   * @return how many there were
   */
  int each(Consumer<Environment> action) {
    List<Environment> all;
    synchronized (this) {
      all = List.copyOf(environments);
    }
    all.forEach(action);
    return all.size();
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    each(environment -> environment.end("the local cloud is closing"));
  }

  private Optional<Environment> withRoom() {
    return environments.stream()
        .filter(Environment::hasRoom)
        .min(Comparator.comparing(Environment::isStarting).thenComparing(Environment::inFlight));
  }

  private Optional<Environment> launched() {
    if (environments.stream().filter(Environment::isServing).count() >= maxEnvironments) {
      return Optional.empty();
    }
    var environment = launcher.launch(this);
    environments.add(environment);
    return Optional.of(environment);
  }
}
