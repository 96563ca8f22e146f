package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.definition.Edge;
import dev.weir.states.definition.Environment;
import dev.weir.states.definition.EvaluationException;
import dev.weir.states.definition.Functions;
import dev.weir.states.definition.State;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One state from its entry to its exit. */
abstract class Visit implements Environment {
  private final Branch branch;
  private final State state;
  private final JsonNode input;
  private final Instant enteredTime;
  private long enteredEvent;

  Visit(Branch branch, State state, JsonNode input) {
    this.branch = branch;
    this.state = state;
    this.input = input;
    enteredTime = branch.run().engine().scheduler().instant();
  }

  final void enter() {
    run().reached(state, Edge.Kind.ENTERED, 0);
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("name", state.name());
    details.set("input", input);
    enteredEvent = branch.record(state.type() + "StateEntered", details);
    attempt(this::begin);
  }

  /** Does what the state is for. */
  abstract void begin();

  /** Takes an error of the state; by default it is the flow's. */
  void error(Failure failure) {
    branch.failed(failure);
  }

  /** Stops waiting for whatever it waits for. */
  void stop() {}

  /** Records that it was cut short; only states that can wait have such an event. */
  void aborted(long cause) {}

  /** Runs a step whose errors are the state's. */
  final void attempt(Runnable step) {
    Optional<Failure> failure = failure(step);
    failure.ifPresent(this::error);
  }

  /** Runs a step and tells how it failed, with the event that a failed evaluation leaves. */
  final Optional<Failure> failure(Runnable step) {
    try {
      step.run();
      return Optional.empty();
    } catch (StateError e) {
      return Optional.of(e.failure());
    } catch (EvaluationException e) {
      Failure failure =
          Failure.of("States.QueryEvaluationError", cause(String.valueOf(e.getMessage())));
      ObjectNode details = failure.details().put("location", e.location());
      branch.record("EvaluationFailed", details.put("state", state.name()));
      return Optional.of(failure);
    }
  }

  /** Worded as in recorded histories. */
  final String cause(String what) {
    return "An error occurred while executing the state '%s' (entered at the event id #%d). %s"
        .formatted(state.name(), enteredEvent, what);
  }

  /**
   * Leaves the state. Variables and output see the values from before any of them (developer guide,
   * "Evaluation order in an assign field").
   *
   * @param field where the shape stands, such as {@code Catch[0]/}; empty for the state's own
   */
  final void leave(
      State.Shape shape,
      String field,
      Environment environment,
      JsonNode defaultOutput,
      Optional<String> next) {
    Map<String, JsonNode> assigned = new LinkedHashMap<>();
    shape
        .assign()
        .forEach((name, value) ->
            assigned.put(name, value.evaluate(environment, field + "Assign/" + name)));
    JsonNode output =
        shape
            .output()
            .map(template -> template.evaluate(environment, field + "Output"))
            .orElse(defaultOutput);
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("name", state.name());
    details.set("output", Payload.within(state.name(), output));
    if (!assigned.isEmpty()) {
      JsonNode variables = JsonNodeFactory.instance.objectNode().setAll(assigned);
      details.set("assignedVariables", Payload.within(state.name(), variables));
    }
    branch.assign(assigned);
    branch.record(state.type() + "StateExited", details);
    branch.next(next, output);
  }

  /** This environment with one more field of {@code $states}. */
  final Environment with(String field, JsonNode value) {
    return new Extended(this, field, value);
  }

  @Override
  public Optional<JsonNode> variable(String name) {
    return branch.scope().lookup(name);
  }

  @Override
  public Optional<JsonNode> states(String field) {
    return switch (field) {
      case "input" -> Optional.of(input);
      case "context" -> Optional.of(context());
      default -> Optional.empty();
    };
  }

  @Override
  public Functions functions() {
    return run().functions();
  }

  /**
   * {@code $states.context} (developer guide, "Accessing execution data from the context object").
   */
  ObjectNode context() {
    ObjectNode context = run().execution().context();
    context
        .putObject("State")
        .put("EnteredTime", Timestamps.write(enteredTime))
        .put("Name", state.name());
    branch.mapItem().ifPresent(item -> context.set("Map", item));
    return context;
  }

  final Branch branch() {
    return branch;
  }

  final Run run() {
    return branch.run();
  }

  final JsonNode input() {
    return input;
  }

  private record Extended(Environment inner, String field, JsonNode value) implements Environment {
    @Override
    public Optional<JsonNode> variable(String name) {
      return inner.variable(name);
    }

    @Override
    public Optional<JsonNode> states(String wanted) {
      return wanted.equals(field) ? Optional.of(value) : inner.states(wanted);
    }

    @Override
    public Functions functions() {
      return inner.functions();
    }
  }
}
