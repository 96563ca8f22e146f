package dev.weir.states.definition;

import static dev.weir.states.definition.TemplateReader.PLAIN;
import static dev.weir.states.definition.TemplateReader.WITH_RESULT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.weir.states.definition.State.Exit;
import dev.weir.states.definition.State.Rule;
import dev.weir.states.definition.State.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one state: the fields of JSONata states (Amazon States Language, state type table). */
final class StateReader {
  private static final int MOST_INLINE = 40;

  private StateReader() {}

  static State read(String name, ObjectReader state) {
    String type = state.requiredText("Type");
    state.text("Comment");
    state
        .text("QueryLanguage")
        .filter(language -> !language.equals("JSONata"))
        .ifPresent(language -> state.refuse("QueryLanguage", "Only JSONata is supported"));
    State read =
        switch (type) {
          case "Pass" -> new State.Pass(name, exit(state, PLAIN));
          case "Task" -> task(name, state);
          case "Choice" -> choice(name, state);
          case "Wait" -> wait(name, state);
          case "Succeed" ->
              new State.Succeed(name, TemplateReader.optional(state, "Output", PLAIN));
          case "Fail" -> fail(name, state);
          case "Parallel" -> parallel(name, state);
          case "Map" -> map(name, state);
          default -> {
            state.refuse("Type", "'" + type + "' is no state type");
            yield new State.Succeed(name, Optional.empty());
          }
        };
    state.end();
    return read;
  }

  private static Exit exit(ObjectReader state, Set<String> states) {
    Optional<String> next = state.text("Next");
    boolean end = state.isTrue("End");
    if (next.isPresent() == end) {
      state.refuse("Next", "Exactly one of Next and End is required");
    }
    return new Exit(TemplateReader.shape(state, states), next);
  }

  private static State task(String name, ObjectReader state) {
    Optional<Template> timeout = TemplateReader.number(state, "TimeoutSeconds", 1);
    Optional<Template> heartbeat = TemplateReader.number(state, "HeartbeatSeconds", 1);
    if (timeout.isPresent()
        && heartbeat.isPresent()
        && timeout.get() instanceof Template.Literal(JsonNode limit)
        && heartbeat.get() instanceof Template.Literal(JsonNode beat)
        && beat.asInt() >= limit.asInt()) {
      state.refuse("HeartbeatSeconds", "Must be less than TimeoutSeconds");
    }
    return new State.Task(
        name,
        resource(state),
        TemplateReader.optional(state, "Arguments", PLAIN),
        timeout,
        heartbeat,
        RecoveryReader.retriers(state),
        RecoveryReader.catchers(state),
        exit(state, WITH_RESULT));
  }

  private static Resource resource(ObjectReader state) {
    String arn = state.requiredText("Resource");
    try {
      return Resource.of(arn);
    } catch (IllegalArgumentException e) {
      state.refuse("Resource", String.valueOf(e.getMessage()));
      return new Resource(true, "none", "none", false);
    }
  }

  private static State choice(String name, ObjectReader state) {
    List<Rule> rules = new ArrayList<>();
    for (ObjectReader entry : state.objects("Choices")) {
      entry.text("Comment");
      Template condition = TemplateReader.required(entry, "Condition", PLAIN);
      if (condition instanceof Template.Literal(JsonNode value) && !value.isBoolean()) {
        entry.refuse("Condition", "Expected an expression or a boolean, not " + value);
      }
      rules.add(
          new Rule(condition, TemplateReader.shape(entry, PLAIN), entry.requiredText("Next")));
      entry.end();
    }
    if (rules.isEmpty()) {
      state.refuse("Choices", "Must have at least one rule");
    }
    Shape shape = TemplateReader.shape(state, PLAIN);
    return new State.Choice(name, rules, shape, state.text("Default"));
  }

  private static State wait(String name, ObjectReader state) {
    Optional<Template> seconds = TemplateReader.number(state, "Seconds", 0);
    Optional<Template> timestamp = TemplateReader.optional(state, "Timestamp", PLAIN);
    if (seconds.isPresent() == timestamp.isPresent()) {
      state.refuse("Seconds", "Exactly one of Seconds and Timestamp is required");
    }
    Template time =
        seconds.or(() -> timestamp).orElseGet(() -> new Template.Literal(NullNode.instance));
    return new State.Wait(name, timestamp.isPresent(), time, exit(state, PLAIN));
  }

  private static State fail(String name, ObjectReader state) {
    Optional<Template> error = TemplateReader.optional(state, "Error", PLAIN);
    Optional<Template> cause = TemplateReader.optional(state, "Cause", PLAIN);
    Map.of("Error", error, "Cause", cause)
        .forEach((field, value) -> {
          if (value.isPresent()
              && value.get() instanceof Template.Literal(JsonNode text)
              && !text.isTextual()) {
            state.refuse(field, "Expected a string or an expression, not " + text);
          }
        });
    return new State.Fail(name, error, cause);
  }

  private static State parallel(String name, ObjectReader state) {
    List<Flow> branches = new ArrayList<>();
    for (ObjectReader branch : state.objects("Branches")) {
      branch.text("Comment");
      branches.add(FlowReader.read(branch));
      branch.end();
    }
    if (branches.isEmpty()) {
      state.refuse("Branches", "Must have at least one branch");
    }
    return new State.Parallel(
        name,
        TemplateReader.optional(state, "Arguments", PLAIN),
        branches,
        RecoveryReader.retriers(state),
        RecoveryReader.catchers(state),
        exit(state, WITH_RESULT));
  }

  private static State map(String name, ObjectReader state) {
    Optional<Template> concurrency = TemplateReader.number(state, "MaxConcurrency", 0);
    if (concurrency.isPresent()
        && concurrency.get() instanceof Template.Literal(JsonNode value)
        && value.asInt() > MOST_INLINE) {
      state.refuse("MaxConcurrency", "An inline Map runs at most 40 iterations at once");
    }
    return new State.MapState(
        name,
        TemplateReader.optional(state, "Items", PLAIN),
        TemplateReader.optional(state, "ItemSelector", PLAIN),
        concurrency,
        processor(state.requiredObject("ItemProcessor")),
        RecoveryReader.retriers(state),
        RecoveryReader.catchers(state),
        exit(state, WITH_RESULT));
  }

  private static Flow processor(ObjectReader processor) {
    processor.text("Comment");
    processor
        .object("ProcessorConfig")
        .ifPresent(config -> {
          if (!config.text("Mode").orElse("INLINE").equals("INLINE")) {
            config.refuse("Mode", "Only INLINE is supported");
          }
          config.end();
        });
    Flow flow = FlowReader.read(processor);
    processor.end();
    return flow;
  }
}
