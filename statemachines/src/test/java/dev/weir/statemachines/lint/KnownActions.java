package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** CreateStateMachine takes an action that the service does not have; its first run finds out. */
record KnownActions() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .tasks()
        .filter(task -> Operation.of(task.resource()).isEmpty())
        .map(task ->
            finding(
                task.name(),
                "The SDK's %s has no action %s"
                    .formatted(Operation.service(task.resource()), task.resource().action())));
  }
}
