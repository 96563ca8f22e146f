package dev.weir.statemachines.lint;

import dev.weir.states.definition.State;
import java.util.stream.Stream;

/** Machines that one alarm started at once would retry at once as well. */
record JitteredRetries() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .states()
        .filter(state ->
            state instanceof State.Recoverable recoverable
                && recoverable.retriers().stream()
                    .anyMatch(retrier -> retrier.maxAttempts() > 0 && !retrier.fullJitter()))
        .map(state -> finding(state.name(), "A retrier has no JitterStrategy FULL"));
  }
}
