package dev.weir.local.sagemaker.metric;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** When a composite alarm is in ALARM: an expression over the states of others. */
sealed interface CompositeRule {

  /** An alarm, by name or ARN, is in this state. */
  record Is(AlarmState state, String alarm) implements CompositeRule {}

  /** {@code TRUE} or {@code FALSE}. */
  record Always(boolean holds) implements CompositeRule {}

  /** It does not hold. */
  record Not(CompositeRule rule) implements CompositeRule {}

  /** Both hold. */
  record And(CompositeRule left, CompositeRule right) implements CompositeRule {}

  /** One holds at least. */
  record Or(CompositeRule left, CompositeRule right) implements CompositeRule {}

  /**
   * Reads an {@code AlarmRule}.
   *
   * @throws dev.weir.local.sagemaker.wire.ApiError it is none
   */
  static CompositeRule read(String text) {
    return new CompositeRuleReader(text).read();
  }

  /** Whether it holds where alarms have these states. */
  default boolean holds(Function<String, Optional<AlarmState>> states) {
    return switch (this) {
      case Is(var state, var alarm) -> states.apply(alarm).equals(Optional.of(state));
      case Always(var holds) -> holds;
      case Not(var rule) -> !rule.holds(states);
      case And(var left, var right) -> left.holds(states) && right.holds(states);
      case Or(var left, var right) -> left.holds(states) || right.holds(states);
    };
  }

  /** The alarms it is about, as it calls them. */
  default Set<String> alarms() {
    return named().collect(Collectors.toSet());
  }

  private Stream<String> named() {
    return switch (this) {
      case Is(_, var alarm) -> Stream.of(alarm);
      case Always _ -> Stream.empty();
      case Not(var rule) -> rule.named();
      case And(var left, var right) -> Stream.concat(left.named(), right.named());
      case Or(var left, var right) -> Stream.concat(left.named(), right.named());
    };
  }
}
