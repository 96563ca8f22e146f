package dev.weir.statemachines.lint;

import dev.weir.states.definition.State;
import java.util.Set;
import java.util.stream.Stream;

/** The service refuses a request that lacks what it needs, after the lease has been taken. */
record RequiredArguments() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine.tasks().flatMap(this::check);
  }

  private Stream<Finding> check(State.Task task) {
    return Structure.of(task)
        .flatMap(structure ->
            RequiredMembers.of(structure.operation(), structure.path())
                .map(required -> missing(task, structure, required))
                .orElseGet(() -> Stream.of(unknown(task, structure.operation()))));
  }

  private Stream<Finding> missing(State.Task task, Structure structure, Set<String> required) {
    return required.stream()
        .filter(name -> !structure.given().open() && !structure.given().certain().contains(name))
        .map(name ->
            finding(task.name(), "The argument " + structure.path() + "/" + name + " is missing"));
  }

  private Finding unknown(State.Task task, Operation operation) {
    return finding(
        task.name(),
        "What %s requires is not in required.properties".formatted(operation.call().getName()));
  }
}
