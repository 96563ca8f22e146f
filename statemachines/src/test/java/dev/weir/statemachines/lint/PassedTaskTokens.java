package dev.weir.statemachines.lint;

import dev.weir.states.definition.Node;
import dev.weir.states.definition.State;
import java.util.List;
import java.util.stream.Stream;

/** A task that waits for its token must give it to someone. */
record PassedTaskTokens() implements Rule {
  private static final List<String> TOKEN = List.of("states", "context", "Task", "Token");

  @Override
  public Stream<Finding> check(Machine machine) {
    return machine
        .tasks()
        .filter(task -> task.resource().waitForTaskToken() && !passes(task))
        .map(task -> finding(task.name(), "The task passes $states.context.Task.Token to nobody"));
  }

  private static boolean passes(State.Task task) {
    return task.arguments().stream()
        .flatMap(arguments -> arguments.expressions())
        .flatMap(expression -> expression.tree().all())
        .anyMatch(node -> node.part("steps").stream().map(Node::value).toList().equals(TOKEN));
  }
}
