package dev.weir.statemachines.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.definition.Flow;
import dev.weir.states.definition.Node;
import dev.weir.states.definition.State;
import dev.weir.states.definition.Template;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Once the lease is taken, no way ends before a state that gives it back, the ways that errors lead
 * included. What takes it raises the fence; what gives it back removes its end.
 *
 * <p>The variables that become true when the lease is taken stand for holding it: a Choice on one
 * of them goes that way, and assigning false says that the lease is known to be lost.
 */
record ReleasedLease() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    Flow flow = machine.definition().flow();
    return flow.states().values().stream()
        .filter(state -> says(state, "if_not_exists(fence"))
        .flatMap(Transition::of)
        .filter(taken -> !taken.caught())
        .flatMap(taken -> held(flow, taken).stream())
        .distinct()
        .filter(ReleasedLease::mayEnd)
        .map(state -> finding(state.name(), "The machine can end here with the lease held"));
  }

  /** The states that are entered with the lease held, those that give it back excepted. */
  private static Set<State> held(Flow flow, Transition taken) {
    Set<String> flags =
        taken.assign().keySet().stream()
            .filter(name -> is(taken, name, true))
            .collect(Collectors.toSet());
    Set<State> held = new LinkedHashSet<>();
    Deque<Transition> open = new ArrayDeque<>(Set.of(taken));
    while (!open.isEmpty()) {
      State state = Objects.requireNonNull(flow.states().get(open.pop().to()));
      if (!says(state, "REMOVE") && held.add(state)) {
        new Known(Map.of(), flags)
            .ways(state)
            .filter(way -> flags.stream().noneMatch(flag -> is(way, flag, false)))
            .forEach(open::push);
      }
    }
    return held;
  }

  private static boolean mayEnd(State state) {
    return switch (state) {
      case State.Succeed _, State.Fail _ -> true;
      case State.Choice choice -> choice.otherwise().isEmpty();
      case State.Pass pass -> pass.exit().next().isEmpty();
      case State.Wait wait -> wait.exit().next().isEmpty();
      case State.Recoverable recoverable ->
          recoverable.exit().next().isEmpty()
              || recoverable.catchers().stream()
                  .noneMatch(catcher -> catcher.errors().contains("States.ALL"));
    };
  }

  private static boolean is(Transition way, String variable, boolean value) {
    return way.assign().get(variable) instanceof Template.Literal(var literal)
        && literal.isBoolean()
        && literal.booleanValue() == value;
  }

  /** Whether an update in a task's arguments has those words. */
  private static boolean says(State state, String words) {
    return state instanceof State.Task task
        && task.arguments().stream()
            .flatMap(ReleasedLease::texts)
            .anyMatch(text -> text.contains(words) && text.contains("leaseUntil"));
  }

  private static Stream<String> texts(Template template) {
    return switch (template) {
      case Template.Literal(var value) ->
          value.isTextual() ? Stream.of(value.textValue()) : literals(value);
      case Template.Computed(var expression) ->
          expression.tree().all().filter(node -> node.type().equals("string")).map(Node::value);
      case Template.Fields(var fields) -> fields.values().stream().flatMap(ReleasedLease::texts);
      case Template.Elements(var elements) -> elements.stream().flatMap(ReleasedLease::texts);
    };
  }

  private static Stream<String> literals(JsonNode container) {
    return container.valueStream().flatMap(value -> texts(new Template.Literal(value)));
  }
}
