package dev.weir.states.definition;

import com.dashjoin.jsonata.Parser;
import com.dashjoin.jsonata.Parser.Symbol;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an expression refers to, found by walking its syntax tree. The library keeps the tree's
 * fields to itself, so they are read by reflection, all of them alike; a release without them fails
 * on the first expression.
 */
final class Syntax {
  /** Read by name below; what else a node holds is walked without being understood. */
  private static final Map<String, Field> FIELDS = fields();

  private static final Set<String> IN_CONTEXT =
      Set.of("predicate", "stages", "group", "terms", "pattern", "update", "delete");

  private final Set<Symbol> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> bound = new LinkedHashSet<>();
  private final Set<String> variables = new LinkedHashSet<>();
  private final Set<String> states = new LinkedHashSet<>();
  private final Set<String> contextReads = new LinkedHashSet<>();

  /**
   * @throws com.dashjoin.jsonata.JException if the expression does not parse
   */
  Syntax(String expression) {
    visit(new Parser().parse(expression), false);
    variables.removeAll(bound);
  }

  /** Variables that the expression itself does not bind, functions included. */
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

  private void visit(Symbol node, boolean inContext) {
    if (!seen.add(node)) {
      return;
    }
    String type = String.valueOf(read("type", node));
    switch (type) {
      case "variable" -> variable(String.valueOf(read("value", node)), inContext);
      case "name", "wildcard", "descendant", "parent" -> {
        if (!inContext) {
          contextReads.add(String.valueOf(read("value", node)));
        }
      }
      case "lambda" -> symbols(read("arguments", node)).forEach(this::bind);
      case "bind" -> symbols(read("lhs", node)).forEach(this::bind);
      case "index" -> bind(node);
      default -> {}
    }
    if (read("focus", node) instanceof String name) {
      bound.add(name);
    }
    if (type.equals("path")) {
      path(symbols(read("steps", node)).toList(), inContext);
    }
    FIELDS.forEach((name, field) ->
        symbols(read(name, node))
            .forEach(child -> visit(child, inContext || IN_CONTEXT.contains(name))));
  }

  private void path(List<Symbol> steps, boolean inContext) {
    visit(steps.getFirst(), inContext);
    steps.stream().skip(1).forEach(step -> visit(step, true));
    if (steps.size() > 1
        && "variable".equals(read("type", steps.getFirst()))
        && "states".equals(read("value", steps.getFirst()))) {
      states.add(String.valueOf(read("value", steps.get(1))));
    }
  }

  private void variable(String name, boolean inContext) {
    if (!name.isEmpty() && !name.equals("$")) {
      variables.add(name);
    } else if (!inContext) {
      contextReads.add("$" + name);
    }
  }

  private void bind(Symbol variable) {
    bound.add(String.valueOf(read("value", variable)));
  }

  private static Stream<Symbol> symbols(Object value) {
    return switch (value) {
      case Symbol symbol -> Stream.of(symbol);
      case List<?> list -> list.stream().flatMap(Syntax::symbols);
      case Symbol[] pair -> Stream.of(pair).flatMap(Syntax::symbols);
      default -> Stream.empty();
    };
  }

  /** The field's value; a string that says nothing if it has none. */
  private static Object read(String name, Symbol node) {
    try {
      Object value = Objects.requireNonNull(FIELDS.get(name), name).get(node);
      return value == null ? "" : value;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Field> fields() {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : Symbol.class.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        field.setAccessible(true);
        fields.put(field.getName(), field);
      }
    }
    return Collections.unmodifiableMap(fields);
  }
}
