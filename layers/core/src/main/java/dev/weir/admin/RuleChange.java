package dev.weir.admin;

import dev.weir.api.Fields;
import dev.weir.remedy.rule.Bound;
import dev.weir.remedy.rule.Mode;
import dev.weir.remedy.rule.Rules;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to change of the rules of an action.
 *
 * @param limits by what they bound; absent: back to what it has by itself
 */
record RuleChange(Optional<Mode> mode, Map<Bound, OptionalLong> limits) {

  /**
   * Reads a body.
   *
   * @throws dev.weir.api.Refused naming the field and what is allowed
   */
  static RuleChange read(Fields body) {
    body.only(Set.of("mode", "limits"));
    Optional<Mode> mode =
        body.string("mode")
            .map(text ->
                Mode.of(text)
                    .orElseThrow(() ->
                        body.outOfRange("mode", "one of " + String.join(", ", Mode.names()))));
    return new RuleChange(mode, body.object("limits").map(RuleChange::limits).orElse(Map.of()));
  }

  /** An explicit null takes a limit away. */
  private static Map<Bound, OptionalLong> limits(Fields body) {
    body.only(Arrays.stream(Bound.values()).map(Bound::text).collect(Collectors.toSet()));
    Map<Bound, OptionalLong> limits = new EnumMap<>(Bound.class);
    for (Bound bound : Bound.values()) {
      OptionalLong value = body.integer(bound.text(), Math.toIntExact(bound.least()));
      if (value.orElse(0) > bound.most()) {
        throw body.outOfRange(
            bound.text(),
            "an integer from %d to %d, or null".formatted(bound.least(), bound.most()));
      }
      if (value.isPresent() || body.node().has(bound.text())) {
        limits.put(bound, value);
      }
    }
    return limits;
  }

  boolean isNothing() {
    return mode.isEmpty() && limits.isEmpty();
  }

  boolean turnsOff() {
    return mode.equals(Optional.of(Mode.OFF));
  }

  void write(Rules rules, String action) {
    mode.ifPresent(it -> rules.mode(action, it));
    if (!limits.isEmpty()) {
      rules.limits(action, limits);
    }
  }
}
