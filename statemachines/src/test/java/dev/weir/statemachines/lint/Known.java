package dev.weir.statemachines.lint;

import dev.weir.states.definition.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is known of variables while ways are followed.
 *
 * @param texts the values of some
 * @param flags others, which are true
 */
record Known(Map<String, String> texts, Set<String> flags) {

  /** The ways out of a state that are not excluded by what is known. */
  Stream<Transition> ways(State state) {
    if (!(state instanceof State.Choice choice)) {
      return Transition.of(state);
    }
    List<Transition> all = Transition.of(choice).toList();
    List<Transition> open = new ArrayList<>();
    for (int i = 0; i < choice.rules().size(); i++) {
      Optional<Boolean> holds = Condition.of(choice.rules().get(i)).flatMap(this::holds);
      if (holds.orElse(true)) {
        open.add(all.get(i));
      }
      if (holds.orElse(false)) {
        return open.stream();
      }
    }
    return Stream.concat(open.stream(), all.stream().skip(choice.rules().size()));
  }

  /** Empty if it depends on something else. */
  private Optional<Boolean> holds(Condition condition) {
    List<Condition> conjuncts = condition.conjuncts();
    if (conjuncts.stream().map(this::one).anyMatch(Optional.of(false)::equals)) {
      return Optional.of(false);
    }
    return conjuncts.stream().map(this::one).allMatch(Optional.of(true)::equals)
        ? Optional.of(true)
        : Optional.empty();
  }

  private Optional<Boolean> one(Condition condition) {
    return texts.entrySet().stream()
        .flatMap(text -> condition.equates(text.getKey(), text.getValue()).stream())
        .findFirst()
        .or(() -> condition.variable().filter(flags::contains).map(_ -> true))
        .or(() -> condition.negated().filter(flags::contains).map(_ -> false));
  }
}
