package dev.weir.statemachines.lint;

import dev.weir.states.definition.Expression;
import dev.weir.states.definition.Node;
import dev.weir.states.definition.State;
import dev.weir.states.definition.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which transitions of a loop can be taken so many times only, because a variable moves on with
 * every turn: it is counted up, or it becomes true, and nothing in the loop sets it back.
 */
record Bound(Loop loop) {

  Stream<Transition> transitions() {
    return loop.transitions().stream()
        .filter(
            way -> way.from() instanceof State.Choice choice && bounds(choice, way) || closes(way));
  }

  /** Whether it makes a variable true that every way back to it needs to be untrue. */
  private boolean closes(Transition way) {
    return way.assign().keySet().stream()
        .filter(name -> assigned(way, name).anyMatch(Bound::isTrue))
        .filter(name -> all(name, template -> isTrue(template) || keeps(template, name)))
        .map(name -> new Known(Map.of(), Set.of(name)))
        .anyMatch(known ->
            loop.returnsOver(
                way,
                loop.transitions().stream()
                    .filter(each -> known.ways(each.from()).noneMatch(each::equals))
                    .toList()));
  }

  private boolean bounds(State.Choice choice, Transition way) {
    List<Transition> ways = Transition.of(choice).toList();
    int index = ways.indexOf(way);
    List<Condition> asked =
        index < choice.rules().size()
            ? Condition.of(choice.rules().get(index)).stream()
                .flatMap(condition -> condition.conjuncts().stream())
                .toList()
            : List.of();
    return asked.stream().anyMatch(condition -> becomesFalse(condition, way))
        || choice.rules().stream()
            .limit(index)
            .filter(rule -> !loop.states().contains(rule.next()))
            .map(Condition::of)
            .flatMap(Optional::stream)
            .flatMap(condition -> condition.disjuncts().stream())
            .anyMatch(before -> forestalls(before, asked, way));
  }

  /** Whether a rule before it that leads out comes to hold whenever its own condition does. */
  private boolean forestalls(Condition before, List<Condition> asked, Transition way) {
    return before.conjuncts().stream()
        .allMatch(condition -> asked.contains(condition) || becomesTrue(condition, way));
  }

  private boolean becomesFalse(Condition condition, Transition way) {
    return condition.ceilings().anyMatch(name -> counted(name, way))
        || condition.negated().filter(name -> latched(name, way)).isPresent();
  }

  private boolean becomesTrue(Condition condition, Transition way) {
    return condition.floors().anyMatch(name -> counted(name, way))
        || condition.variable().filter(name -> latched(name, way)).isPresent();
  }

  private boolean counted(String variable, Transition way) {
    Predicate<Template> counts = template -> counts(template, variable);
    return moves(variable, way, counts, counts);
  }

  private boolean latched(String variable, Transition way) {
    return moves(
        variable, way, Bound::isTrue, template -> isTrue(template) || keeps(template, variable));
  }

  /**
   * Whether a variable moves on between any two times on a way.
   *
   * @param on what moves it on
   * @param not what does not set it back
   */
  private boolean moves(
      String variable, Transition way, Predicate<Template> on, Predicate<Template> not) {
    return all(variable, not)
        && loop.returnsOver(
            way,
            loop.transitions().stream()
                .filter(each -> assigned(each, variable).anyMatch(on))
                .toList());
  }

  /** Whether all that the loop assigns to a variable is such. */
  private boolean all(String variable, Predicate<Template> such) {
    return loop.transitions().stream().flatMap(each -> assigned(each, variable)).allMatch(such);
  }

  private static Stream<Template> assigned(Transition way, String variable) {
    return Stream.ofNullable(way.assign().get(variable));
  }

  private static boolean counts(Template template, String variable) {
    return template
        .expressions()
        .flatMap(expression -> expression.tree().all())
        .filter(node -> node.type().equals("binary") && node.value().equals("+"))
        .flatMap(Node::all)
        .anyMatch(node -> node.type().equals("variable") && node.value().equals(variable));
  }

  private static boolean isTrue(Template template) {
    return template instanceof Template.Literal(var value) && value.asBoolean();
  }

  /** Whether it is true if it was before. */
  private static boolean keeps(Template template, String variable) {
    return template
        .expressions()
        .map(Expression::tree)
        .map(Condition::new)
        .flatMap(condition -> condition.disjuncts().stream())
        .anyMatch(condition -> condition.variable().filter(variable::equals).isPresent());
  }
}
