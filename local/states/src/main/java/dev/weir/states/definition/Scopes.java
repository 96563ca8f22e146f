package dev.weir.states.definition;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names across the flows of one machine: state names are unique in the whole machine (Amazon States
 * Language, "States"), and a flow inside a state assigns no variable that a flow around it assigns
 * (developer guide, "Passing data between states with variables": inner scopes read outer variables
 * but neither change nor hide them).
 */
final class Scopes {
  private final Refusals refusals;
  private final Set<String> states = new HashSet<>();

  Scopes(Refusals refusals) {
    this.refusals = refusals;
  }

  void check(Flow flow) {
    check(flow, Set.of());
  }

  private void check(Flow flow, Set<String> outer) {
    Set<String> visible = new HashSet<>(outer);
    for (State state : flow.states().values()) {
      if (!states.add(state.name())) {
        refusals.add("/States/" + state.name(), "State names are unique in the whole machine");
      }
      assigned(state)
          .forEach(variable -> {
            if (outer.contains(variable)) {
              refusals.add(
                  "/States/" + state.name() + "/Assign/" + variable,
                  "The variable belongs to an outer scope, which cannot be changed from here");
            }
            visible.add(variable);
          });
    }
    flow.states().values().stream().flatMap(Flow::inside).forEach(inside -> check(inside, visible));
  }

  private static Stream<String> assigned(State state) {
    return shapes(state).flatMap(shape -> shape.assign().keySet().stream());
  }

  private static Stream<State.Shape> shapes(State state) {
    return switch (state) {
      case State.Choice choice ->
          Stream.concat(choice.rules().stream().map(State.Rule::shape), Stream.of(choice.shape()));
      case State.Recoverable recoverable ->
          Stream.concat(
              recoverable.catchers().stream().map(State.Catcher::shape),
              Stream.of(recoverable.exit().shape()));
      case State.Pass pass -> Stream.of(pass.exit().shape());
      case State.Wait wait -> Stream.of(wait.exit().shape());
      case State.Succeed _, State.Fail _ -> Stream.empty();
    };
  }
}
