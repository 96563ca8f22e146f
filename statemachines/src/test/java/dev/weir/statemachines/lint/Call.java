package dev.weir.statemachines.lint;

import dev.weir.states.definition.Expression;
import dev.weir.states.definition.Node;
import java.util.List;
import java.util.stream.Stream;

/**
 * A call of a function that its expression does not define itself.
 *
 * @param function its name, without the dollar sign
 * @param arguments how many it is given
 */
record Call(String function, int arguments) {

  static Stream<Call> of(Expression expression) {
    return of(expression.tree(), 0).filter(call -> expression.variables().contains(call.function));
  }

  /**
   * @param piped how many arguments the node is handed by the {@code ~>} that it stands behind
   */
  private static Stream<Call> of(Node node, int piped) {
    Stream<Call> below =
        node.parts().entrySet().stream()
            .flatMap(part ->
                part.getValue().stream().flatMap(child -> of(child, piped(node, part.getKey()))));
    List<Node> procedure = node.part("procedure");
    boolean named =
        node.type().equals("function")
            && !procedure.isEmpty()
            && procedure.getFirst().type().equals("variable");
    return named
        ? Stream.concat(
            Stream.of(
                new Call(procedure.getFirst().value(), node.part("arguments").size() + piped)),
            below)
        : below;
  }

  private static int piped(Node node, String part) {
    return node.type().equals("apply") && part.equals("rhs") ? 1 : 0;
  }
}
