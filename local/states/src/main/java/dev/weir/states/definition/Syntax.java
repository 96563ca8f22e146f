package dev.weir.states.definition;

import com.dashjoin.jsonata.Parser;
import com.dashjoin.jsonata.Parser.Symbol;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.HashSet;
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
  private final Set<String> variables = new LinkedHashSet<>();
  private final Set<String> states = new LinkedHashSet<>();
  private final Set<String> contextReads = new LinkedHashSet<>();

  /**
   * @throws com.dashjoin.jsonata.JException if the expression does not parse
   */
  Syntax(String expression) {
    visit(new Parser().parse(expression), false, new HashSet<>());
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
  private void visit(Symbol node, boolean inContext, Set<String> bound) {
    if (!seen.add(node)) {
      return;
    }
    String type = String.valueOf(read("type", node));
    Set<String> scope =
        type.equals("lambda") || type.equals("block") ? new HashSet<>(bound) : bound;
    switch (type) {
      case "variable" -> variable(value(node), inContext, scope);
      case "name", "wildcard", "descendant", "parent" -> {
        if (!inContext) {
          contextReads.add(value(node));
        }
      }
      case "lambda" ->
          symbols(read("arguments", node)).forEach(argument -> scope.add(value(argument)));
      case "bind" -> bind(node, inContext, scope);
      case "index" -> scope.add(value(node));
      case "path" -> path(symbols(read("steps", node)).toList(), inContext, scope);
      default -> {}
    }
    if (read("focus", node) instanceof String name) {
      scope.add(name);
    }
    FIELDS.forEach((name, field) ->
        symbols(read(name, node))
            .forEach(child -> visit(child, inContext || IN_CONTEXT.contains(name), scope)));
  }

  private void path(List<Symbol> steps, boolean inContext, Set<String> bound) {
    visit(steps.getFirst(), inContext, bound);
    steps.stream().skip(1).forEach(step -> visit(step, true, bound));
    if (steps.size() > 1
        && "variable".equals(read("type", steps.getFirst()))
        && "states".equals(value(steps.getFirst()))) {
      states.add(value(steps.get(1)));
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
  private void bind(Symbol node, boolean inContext, Set<String> bound) {
    List<Symbol> values = symbols(read("rhs", node)).toList();
    if (values.stream().noneMatch(value -> "lambda".equals(read("type", value)))) {
      values.forEach(value -> visit(value, inContext, bound));
    }
    symbols(read("lhs", node)).forEach(variable -> bound.add(value(variable)));
  }

  private static String value(Symbol node) {
    return String.valueOf(read("value", node));
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
