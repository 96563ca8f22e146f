package dev.weir.statemachines.lint;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * States that lead to each other (a strongly connected component of a flow).
 *
 * @param transitions those between two of its states
 */
record Loop(List<Transition> transitions) {

  /** The loops that the transitions make. */
  static Stream<Loop> in(Collection<Transition> transitions) {
    return transitions.stream()
        .map(transition -> around(transition.from().name(), transitions))
        .filter(loop -> !loop.transitions.isEmpty())
        .distinct();
  }

  private static Loop around(String state, Collection<Transition> transitions) {
    Set<String> states =
        reached(state, transitions).stream()
            .filter(other -> reached(other, transitions).contains(state))
            .collect(Collectors.toSet());
    return new Loop(
        transitions.stream()
            .filter(way -> states.contains(way.from().name()) && states.contains(way.to()))
            .toList());
  }

  /** The states after one or more of the transitions. */
  private static Set<String> reached(String state, Collection<Transition> transitions) {
    Set<String> reached = new HashSet<>();
    Set<String> fresh = Set.of(state);
    while (!fresh.isEmpty()) {
      Set<String> from = fresh;
      fresh =
          transitions.stream()
              .filter(way -> from.contains(way.from().name()))
              .map(Transition::to)
              .filter(reached::add)
              .collect(Collectors.toSet());
    }
    return reached;
  }

  Set<String> states() {
    return transitions.stream().map(way -> way.from().name()).collect(Collectors.toSet());
  }

  /** Whether every way from a transition back to it is over one of some others. */
  boolean returnsOver(Transition transition, Collection<Transition> others) {
    List<Transition> rest = transitions.stream().filter(way -> !others.contains(way)).toList();
    return others.contains(transition)
        || !transition.to().equals(transition.from().name())
            && !reached(transition.to(), rest).contains(transition.from().name());
  }
}
