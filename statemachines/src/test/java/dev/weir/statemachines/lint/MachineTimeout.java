package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** Without one, a machine that hangs does so for a year. */
record MachineTimeout() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine.definition().timeout().isPresent()
        ? Stream.empty()
        : Stream.of(finding("/", "The machine has no TimeoutSeconds"));
  }
}
