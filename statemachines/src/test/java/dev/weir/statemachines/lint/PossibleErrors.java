package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import dev.weir.states.definition.Resource;
import dev.weir.states.definition.State;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A retrier or catcher names errors that its state can end with: {@code
 * SageMaker.ValidationException} is in AWS's API reference and matches nothing, since the SDK has
 * no class for it.
 */
record PossibleErrors() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .states()
        .flatMap(state ->
            state instanceof State.Recoverable recoverable ? check(recoverable) : Stream.empty());
  }

  private Stream<Finding> check(State.Recoverable state) {
    Set<String> possible = possible(state).collect(Collectors.toSet());
    return Stream.concat(
            state.retriers().stream().flatMap(retrier -> retrier.errors().stream()),
            state.catchers().stream().flatMap(catcher -> catcher.errors().stream()))
        .filter(error -> ofService(error) || ends(state))
        .filter(error -> !error.startsWith("States.") && !possible.contains(error))
        .map(error -> finding(state.name(), "The state cannot end with " + error));
  }

  private static Stream<String> possible(State state) {
    return switch (state) {
      case State.Task task ->
          Optional.of(task.resource()).flatMap(Operation::of).stream()
              .flatMap(operation -> operation.errors().stream());
      case State.Parallel _, State.MapState _ ->
          Flow.inside(state).flatMap(Flow::all).flatMap(PossibleErrors::possible);
      case State.Pass _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ ->
          Stream.empty();
    };
  }

  /** Whether the name begins like an error of a service. */
  private static boolean ofService(String error) {
    return Operation.prefixes().anyMatch(prefix -> error.startsWith(prefix + "."));
  }

  /** Whether only the service decides how the state ends: no function, no person, no Fail state. */
  private static boolean ends(State.Recoverable state) {
    return state instanceof State.Task task && !decidedElsewhere(task.resource());
  }

  private static boolean decidedElsewhere(Resource resource) {
    return resource.waitForTaskToken() || !resource.sdk() && resource.service().equals("lambda");
  }
}
