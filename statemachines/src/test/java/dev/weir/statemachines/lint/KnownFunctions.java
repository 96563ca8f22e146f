package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** A function that does not exist is not missed before the expression is evaluated. */
record KnownFunctions() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .states()
        .flatMap(state ->
            Machine.expressions(state)
                .flatMap(Call::of)
                .filter(call -> BuiltIn.named(call.function()).isEmpty())
                .map(call -> finding(state.name(), "There is no function $" + call.function())));
  }
}
