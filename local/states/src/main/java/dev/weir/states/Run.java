package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.time.Scheduler.Timer;
import dev.weir.states.Execution.End;
import dev.weir.states.definition.Edge;
import dev.weir.states.definition.Functions;
import dev.weir.states.definition.State;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One execution under way: what its states share, and its end. */
final class Run {
  private final Execution execution;
  private final Engine engine;
  private final RandomGenerator random;
  private final Functions functions;
  private final Branch root;
  private Optional<Timer> deadline = Optional.empty();

  Run(Execution execution, Engine engine, RandomGenerator random) {
    this.execution = execution;
    this.engine = engine;
    this.random = random;
    functions = new Functions(engine.scheduler(), random);
    root =
        new Branch(
            this,
            execution.machine().definition().flow(),
            new Scope(Optional.empty()),
            Optional.empty(),
            0,
            new RootEnding());
  }

  void start() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.set("input", execution.input());
    history().add(0, "ExecutionStarted", details.put("roleArn", execution.machine().roleArn()));
    deadline =
        execution
            .machine()
            .definition()
            .timeout()
            .map(limit -> after(limit, () -> stop(ExecutionStatus.TIMED_OUT, Optional.empty())));
    root.start(execution.input());
  }

  /** Ends it from outside: nothing more is recorded of its states (recorded histories). */
  void stop(ExecutionStatus status, Optional<Failure> why) {
    String type = status == ExecutionStatus.TIMED_OUT ? "ExecutionTimedOut" : "ExecutionAborted";
    history().end(0, type, details(why));
    end(status, Optional.empty(), why);
  }

  Execution execution() {
    return execution;
  }

  Engine engine() {
    return engine;
  }

  RandomGenerator random() {
    return random;
  }

  Functions functions() {
    return functions;
  }

  History history() {
    return execution.history();
  }

  void reached(State state, Edge.Kind kind, int index) {
    engine.coverage().reached(execution.machine().name(), new Edge(state.name(), kind, index));
  }

  /** Runs the action after the delay, unless the execution has ended by then. */
  Timer after(Duration delay, Runnable action) {
    return engine.scheduler().after(delay, () -> act(action));
  }

  /** Runs the action, unless the execution has ended; what breaks in it ends the execution. */
  void act(Runnable action) {
    if (execution.end().isPresent()) {
      return;
    }
    try {
      action.run();
    } catch (StateError e) {
      fail(e.failure());
    } catch (RuntimeException e) {
      fail(Failure.runtime("The execution broke: " + e));
    }
  }

  private void fail(Failure failure) {
    history().end(root.lastEvent(), "ExecutionFailed", failure.details());
    end(ExecutionStatus.FAILED, Optional.empty(), Optional.of(failure));
  }

  private void end(ExecutionStatus status, Optional<JsonNode> output, Optional<Failure> failure) {
    deadline.ifPresent(Timer::cancel);
    root.stop();
    execution.end(new End(status, engine.scheduler().instant(), output, failure));
    engine.ended().accept(execution.describe());
  }

  private static ObjectNode details(Optional<Failure> failure) {
    return failure.map(Failure::details).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  private final class RootEnding implements Branch.Ending {
    @Override
    public void succeeded(JsonNode output) {
      ObjectNode details = JsonNodeFactory.instance.objectNode();
      details.set("output", output);
      history().end(root.lastEvent(), "ExecutionSucceeded", details);
      end(ExecutionStatus.SUCCEEDED, Optional.of(output), Optional.empty());
    }

    @Override
    public void failed(Failure failure) {
      fail(failure);
    }
  }
}
