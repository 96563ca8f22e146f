package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** A task waits for ever for a reply that was lost, or for a person who does not answer. */
record TaskTimeouts() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .tasks()
        .filter(task -> task.timeoutSeconds().isEmpty())
        .map(task -> finding(task.name(), "The task has no TimeoutSeconds"));
  }
}
