package dev.weir.states.definition;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What an expression refers to, found by walking its syntax tree. */
final class Syntax {
  private static final Set<String> IN_CONTEXT =
      Set.of("predicate", "stages", "group", "terms", "pattern", "update", "delete");

  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> variables = new LinkedHashSet<>();
  private final Set<String> states = new LinkedHashSet<>();
  private final Set<String> contextReads = new LinkedHashSet<>();

  Syntax(Node tree) {
    visit(tree, false, new HashSet<>());
  }

  /** Variables that the expression has not bound itself where it reads them, functions included. */
  Set<String> variables() {
    return variables;
  }

  /** The fields of {@code $states} that are read. */
  Set<String> states() {
    return states;
  }

  /**
   * Reads of the context item outside any path: unqualified field names, {@code $}, {@code $$}.
   * Step Functions evaluates without a context item and refuses them when the machine is created
   * (developer guide, "Transforming data with JSONata").
   */
  Set<String> contextReads() {
    return contextReads;
  }

  /**
   * @param bound the names that the expression itself has bound so far where the node stands
   */
  private void visit(Node node, boolean inContext, Set<String> bound) {
    if (!seen.add(node)) {
      return;
    }
    String type = node.type();
    Set<String> scope =
        type.equals("lambda") || type.equals("block") ? new HashSet<>(bound) : bound;
    switch (type) {
      case "variable" -> variable(node.value(), inContext, scope);
      case "name", "wildcard", "descendant", "parent" -> {
        if (!inContext) {
          contextReads.add(node.value());
        }
      }
      case "lambda" -> node.part("arguments").forEach(argument -> scope.add(argument.value()));
      case "bind" -> bind(node, inContext, scope);
      case "index" -> scope.add(node.value());
      case "path" -> path(node.part("steps"), inContext, scope);
      default -> {}
    }
    scope.addAll(node.binds());
    node.parts()
        .forEach((name, children) ->
            children.forEach(child -> visit(child, inContext || IN_CONTEXT.contains(name), scope)));
  }

  private void path(List<Node> steps, boolean inContext, Set<String> bound) {
    visit(steps.getFirst(), inContext, bound);
    steps.stream().skip(1).forEach(step -> visit(step, true, bound));
    if (steps.size() > 1
        && steps.getFirst().type().equals("variable")
        && steps.getFirst().value().equals("states")) {
      states.add(steps.get(1).value());
    }
  }

  private void variable(String name, boolean inContext, Set<String> bound) {
    if (name.isEmpty() || name.equals("$")) {
      if (!inContext) {
        contextReads.add("$" + name);
      }
    } else if (!bound.contains(name)) {
      variables.add(name);
    }
  }

  /** A function may call itself by the name it is bound to; any other value is computed before. */
  private void bind(Node node, boolean inContext, Set<String> bound) {
    List<Node> values = node.part("rhs");
    if (values.stream().noneMatch(value -> value.type().equals("lambda"))) {
      values.forEach(value -> visit(value, inContext, bound));
    }
    node.part("lhs").forEach(variable -> bound.add(variable.value()));
  }
}
