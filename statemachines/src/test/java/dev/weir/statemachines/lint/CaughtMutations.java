package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import java.util.stream.Stream;

/** An error that nothing catches ends a machine with its work half done and its lease held. */
record CaughtMutations() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return uncaught(machine.definition().flow());
  }

  /** What a state catches is caught for everything inside it. */
  private Stream<Finding> uncaught(Flow flow) {
    return flow.states().values().stream()
        .filter(state -> !catchesAll(state))
        .flatMap(state ->
            Stream.concat(
                changes(state)
                    ? Stream.of(
                        finding(
                            state.name(),
                            "The task changes something and nothing catches States.ALL"))
                    : Stream.empty(),
                Flow.inside(state).flatMap(this::uncaught)));
  }

  private static boolean changes(State state) {
    return state instanceof State.Task task && Machine.mutates(task.resource());
  }

  private static boolean catchesAll(State state) {
    return state instanceof State.Recoverable recoverable
        && recoverable.catchers().stream()
            .anyMatch(catcher -> catcher.errors().contains("States.ALL"));
  }
}
