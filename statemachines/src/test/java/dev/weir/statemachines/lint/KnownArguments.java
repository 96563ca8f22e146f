package dev.weir.statemachines.lint;

import java.util.Set;
import java.util.stream.Stream;

/** Step Functions refuses a request with a member that the API does not have when it sends it. */
record KnownArguments() implements Rule {
  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .tasks()
        .flatMap(task ->
            Structure.of(task)
                .flatMap(KnownArguments::unknown)
                .map(path -> finding(task.name(), "There is no argument " + path)));
  }

  private static Stream<String> unknown(Structure structure) {
    Set<String> known = structure.members().keySet();
    return structure.given().members().keySet().stream()
        .filter(name -> !known.contains(name))
        .map(name -> structure.path() + "/" + name);
  }
}
