package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** A function given too few or too many arguments fails when it is evaluated. */
record ArgumentCounts() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .states()
        .flatMap(state ->
            Machine.expressions(state)
                .flatMap(Call::of)
                .filter(ArgumentCounts::wrong)
                .map(call ->
                    finding(
                        state.name(),
                        "$%s does not take %d arguments"
                            .formatted(call.function(), call.arguments()))));
  }

  private static boolean wrong(Call call) {
    return BuiltIn.named(call.function())
        .filter(function -> !function.takes(call.arguments()))
        .isPresent();
  }
}
