package dev.weir.statemachines.lint;

import dev.weir.states.definition.Expression;
import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A variable that is read has been assigned on every way there; Step Functions evaluates one that
 * was not to nothing, and fails the state.
 */
record AssignedVariables() implements Rule {
  private static final String STATES = "states";
  private static final Known NOTHING = new Known(Map.of(), Set.of());

  @Override
  public Stream<Finding> check(Machine machine) {
    return check(machine.definition().flow(), Set.of());
  }

  private Stream<Finding> check(Flow flow, Set<String> outer) {
    Map<String, Set<String>> entry =
        OnEveryWay.hold(flow, NOTHING, outer, AssignedVariables::after);
    return flow.states().values().stream()
        .flatMap(state -> {
          Set<String> assigned = entry.getOrDefault(state.name(), Set.of());
          return Stream.concat(
              unassigned(state, assigned),
              Flow.inside(state).flatMap(inside -> check(inside, assigned)));
        });
  }

  private Stream<Finding> unassigned(State state, Set<String> assigned) {
    return Machine.expressions(state)
        .flatMap(AssignedVariables::read)
        .filter(name -> !assigned.contains(name))
        .map(name -> finding(state.name(), "$" + name + " is not assigned on every way here"));
  }

  /** What a call names is a function, not a variable. */
  private static Stream<String> read(Expression expression) {
    Set<String> read = new HashSet<>(expression.variables());
    Call.of(expression).map(Call::function).forEach(read::remove);
    return read.stream().filter(name -> !name.equals(STATES) && BuiltIn.named(name).isEmpty());
  }

  private static Set<String> after(Transition transition, Set<String> before) {
    Set<String> after = new HashSet<>(before);
    after.addAll(transition.assign().keySet());
    return after;
  }
}
