package dev.weir.statemachines.lint;

import dev.weir.states.definition.Node;
import dev.weir.states.definition.State;
import java.util.Set;
import java.util.stream.Stream;

/** What AWS answers has no blanks around it, so a literal that has some makes a dead branch. */
record TrimmedLiterals() implements Rule {
  private static final Set<String> COMPARISONS = Set.of("=", "!=", "in", "<", "<=", ">", ">=");

  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .states()
        .flatMap(state -> state instanceof State.Choice choice ? check(choice) : Stream.empty());
  }

  private Stream<Finding> check(State.Choice choice) {
    return choice.rules().stream()
        .flatMap(rule -> rule.condition().expressions())
        .flatMap(expression -> expression.tree().all())
        .filter(node -> COMPARISONS.contains(node.value()) && node.type().equals("binary"))
        .flatMap(Node::all)
        .filter(node -> node.type().equals("string") && !node.value().equals(node.value().strip()))
        .map(node -> finding(choice.name(), "'" + node.value() + "' has blanks around it"));
  }
}
