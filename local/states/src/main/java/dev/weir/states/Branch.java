package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.time.Scheduler.Timer;
import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One line of execution through a flow: a state at a time, each a separate action. */
final class Branch {
  private final Run run;
  private final Flow flow;
  private final Scope scope;
  private final Optional<JsonNode> mapItem;
  private final Ending ending;
  private long lastEvent;
  private boolean over;
  private Optional<Visit> current = Optional.empty();
  private Optional<Timer> pending = Optional.empty();

  /** What hears of a branch's end, in an action of its own. */
  interface Ending {
    void succeeded(JsonNode output);

    void failed(Failure failure);
  }

  Branch(
      Run run, Flow flow, Scope scope, Optional<JsonNode> mapItem, long previous, Ending ending) {
    this.run = run;
    this.flow = flow;
    this.scope = scope;
    this.mapItem = mapItem;
    this.lastEvent = previous;
    this.ending = ending;
  }

  void start(JsonNode input) {
    enter(flow.startAt(), input);
  }

  /** Leaves the current state. */
  void next(Optional<String> next, JsonNode output) {
    current = Optional.empty();
    if (next.isPresent()) {
      enter(next.get(), output);
    } else {
      over = true;
      pending = Optional.of(run.after(Duration.ZERO, () -> ending.succeeded(output)));
    }
  }

  /** The current state failed for good. */
  void failed(Failure failure) {
    current.ifPresent(Visit::stop);
    over = true;
    pending = Optional.of(run.after(Duration.ZERO, () -> ending.failed(failure)));
  }

  /** Ends it without a trace. */
  void stop() {
    over = true;
    pending.ifPresent(Timer::cancel);
    current.ifPresent(Visit::stop);
  }

  /** Ends it because a sibling, or this branch itself, failed at that event. */
  void abort(long cause) {
    current.ifPresent(visit -> visit.aborted(cause));
    stop();
  }

  private void enter(String name, JsonNode input) {
    State state = Objects.requireNonNull(flow.states().get(name), name);
    pending =
        Optional.of(
            run.after(
                Duration.ZERO,
                () -> {
                  if (!over) {
                    Visit visit = visit(state, input);
                    current = Optional.of(visit);
                    visit.enter();
                  }
                }));
  }

  private Visit visit(State state, JsonNode input) {
    return switch (state) {
      case State.Pass pass -> new PassVisit(this, pass, input);
      case State.Task task -> new TaskVisit(this, task, input);
      case State.Choice choice -> new ChoiceVisit(this, choice, input);
      case State.Wait wait -> new WaitVisit(this, wait, input);
      case State.Succeed succeed -> new SucceedVisit(this, succeed, input);
      case State.Fail fail -> new FailVisit(this, fail, input);
      case State.Parallel parallel -> new ParallelVisit(this, parallel, input);
      case State.MapState map -> new MapVisit(this, map, input);
    };
  }

  Run run() {
    return run;
  }

  Scope scope() {
    return scope;
  }

  /** {@code $states.context.Map}, within an iteration. */
  Optional<JsonNode> mapItem() {
    return mapItem;
  }

  long lastEvent() {
    return lastEvent;
  }

  /** Lets the next event follow that one. */
  void follow(long event) {
    lastEvent = event;
  }

  /** Records the next event of this branch. */
  long record(String type, ObjectNode details) {
    lastEvent = run.history().add(lastEvent, type, details);
    return lastEvent;
  }

  long record(String type) {
    return record(type, JsonNodeFactory.instance.objectNode());
  }

  void assign(Map<String, JsonNode> variables) {
    scope.assign(variables);
  }
}
