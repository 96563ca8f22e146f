package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** What holds when a state is entered, whichever way led there (a forward data-flow analysis). */
final class OnEveryWay {
  private OnEveryWay() {}

  /**
   * What holds at the entry of each state that can be reached.
   *
   * @param known what excludes some ways
   * @param first what holds where the flow starts
   * @param after what holds after a transition, given what held where it began
   */
  static Map<String, Set<String>> hold(
      Flow flow,
      Known known,
      Set<String> first,
      BiFunction<Transition, Set<String>, Set<String>> after) {
    Map<String, Set<String>> entry = new HashMap<>();
    entry.put(flow.startAt(), Set.copyOf(first));
    Deque<String> open = new ArrayDeque<>(Set.of(flow.startAt()));
    while (!open.isEmpty()) {
      String name = open.pop();
      Set<String> before = entry.getOrDefault(name, Set.of());
      known
          .ways(Objects.requireNonNull(flow.states().get(name)))
          .forEach(transition -> {
            Set<String> holds = new HashSet<>(after.apply(transition, before));
            Set<String> other = entry.get(transition.to());
            if (other != null) {
              holds.retainAll(other);
            }
            if (!holds.equals(other)) {
              entry.put(transition.to(), holds);
              open.push(transition.to());
            }
          });
    }
    return entry;
  }
}
