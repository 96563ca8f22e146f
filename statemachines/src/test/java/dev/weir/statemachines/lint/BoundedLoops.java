package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loop ends by itself, whatever AWS answers: a Choice in it asks for a variable that every turn
 * moves on. A task that waits for a person at every turn need not be bounded.
 */
record BoundedLoops() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine.flows().flatMap(this::check);
  }

  private Stream<Finding> check(Flow flow) {
    List<Transition> unattended = Transition.of(flow).filter(way -> !asks(way.from())).toList();
    return Loop.in(unattended).flatMap(this::check);
  }

  /** What is bounded is taken away; what is left must not be a loop. */
  private Stream<Finding> check(Loop loop) {
    Set<Transition> bounded = new Bound(loop).transitions().collect(Collectors.toSet());
    return bounded.isEmpty()
        ? Stream.of(unbounded(loop))
        : Loop.in(loop.transitions().stream().filter(way -> !bounded.contains(way)).toList())
            .flatMap(this::check);
  }

  private Finding unbounded(Loop loop) {
    return finding(
        loop.transitions().getFirst().from().name(),
        "Nothing bounds the loop of " + loop.states().stream().sorted().toList());
  }

  private static boolean asks(State state) {
    return state instanceof State.Task task && task.resource().waitForTaskToken();
  }
}
