package dev.weir.statemachines.lint;

import dev.weir.states.definition.Expression;
import dev.weir.states.definition.Node;
import dev.weir.states.definition.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a rule of a Choice asks, or a part of it. */
record Condition(Node node) {
  private static final Set<String> GREATER = Set.of(">", ">=");
  private static final Set<String> LESS = Set.of("<", "<=");

  /** Nothing if it is no expression. */
  static Optional<Condition> of(State.Rule rule) {
    return rule.condition().expressions().findFirst().map(Expression::tree).map(Condition::new);
  }

  /** What all must hold for it to hold. */
  List<Condition> conjuncts() {
    return parts("and").toList();
  }

  /** Of what one must hold for it to hold. */
  List<Condition> disjuncts() {
    return parts("or").toList();
  }

  private Stream<Condition> parts(String operator) {
    if (node.type().equals("block") && node.part("expressions").size() == 1) {
      return new Condition(node.part("expressions").getFirst()).parts(operator);
    }
    return node.type().equals("binary") && node.value().equals(operator)
        ? Stream.concat(side("lhs").parts(operator), side("rhs").parts(operator))
        : Stream.of(this);
  }

  /** The variable that it asks for the truth of. */
  Optional<String> variable() {
    return Optional.of(node.value()).filter(_ -> node.type().equals("variable"));
  }

  /** The variable that it asks for the untruth of. */
  Optional<String> negated() {
    return Optional.of(node)
        .filter(call -> call.type().equals("function"))
        .filter(call -> call.part("procedure").getFirst().value().equals("not"))
        .flatMap(call -> new Condition(call.part("arguments").getFirst()).variable());
  }

  /** Whether it says that a variable is equal to a text; empty if it says something else. */
  Optional<Boolean> equates(String variable, String text) {
    boolean equation =
        node.type().equals("binary")
            && node.value().equals("=")
            && side("lhs").variable().filter(variable::equals).isPresent()
            && side("rhs").node.type().equals("string");
    return equation ? Optional.of(side("rhs").node.value().equals(text)) : Optional.empty();
  }

  /** The variables that make it true, and keep it so, once they are large enough. */
  Stream<String> floors() {
    return compared(GREATER, LESS);
  }

  /** The variables that make it false, and keep it so, once they are large enough. */
  Stream<String> ceilings() {
    return compared(LESS, GREATER);
  }

  private Stream<String> compared(Set<String> left, Set<String> right) {
    if (!node.type().equals("binary")) {
      return Stream.empty();
    }
    return left.contains(node.value())
        ? side("lhs").variables()
        : right.contains(node.value()) ? side("rhs").variables() : Stream.empty();
  }

  private Condition side(String name) {
    return new Condition(node.part(name).getFirst());
  }

  private Stream<String> variables() {
    return node.all().filter(below -> below.type().equals("variable")).map(Node::value);
  }
}
