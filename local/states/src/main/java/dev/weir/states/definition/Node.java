package dev.weir.states.definition;

import com.dashjoin.jsonata.Parser;
import com.dashjoin.jsonata.Parser.Symbol;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A node of an expression's syntax tree, as the library's parser leaves it. The library keeps the
 * tree's fields to itself, so they are read by reflection, all of them alike; a release without
 * them fails on the first expression.
 *
 * @param type such as {@code path}, {@code function} or {@code binary}; empty if it has none
 * @param value a literal's text, a name or an operator; empty if it has none
 * @param binds the variables that a step of a path binds to its item or index
 * @param parts the nodes below it by the parser's names, such as {@code arguments}; an object's
 *     pairs lie one after the other, key and value
 */
public record Node(String type, String value, List<String> binds, Map<String, List<Node>> parts) {
  private static final List<Field> FIELDS = fields();
  private static final Set<String> BINDING = Set.of("focus", "index");

  /**
   * @throws com.dashjoin.jsonata.JException if the expression does not parse
   */
  static Node of(String expression) {
    return node(new Parser().parse(expression), Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /** The nodes of that name. */
  public List<Node> part(String name) {
    return parts.getOrDefault(name, List.of());
  }

  /** Itself and every node below. */
  public Stream<Node> all() {
    return Stream.concat(
        Stream.of(this), parts.values().stream().flatMap(List::stream).flatMap(Node::all));
  }

  /** A symbol that hangs at two places is a node at the first of them only. */
  private static Node node(Symbol symbol, Set<Symbol> seen) {
    seen.add(symbol);
    String type = "";
    String value = "";
    List<String> binds = new ArrayList<>();
    Map<String, List<Node>> parts = new LinkedHashMap<>();
    for (Field field : FIELDS) {
      Object read = read(field, symbol);
      List<Node> nodes = new ArrayList<>();
      symbols(read)
          .filter(child -> !seen.contains(child))
          .forEach(child -> nodes.add(node(child, seen)));
      if (!nodes.isEmpty()) {
        parts.put(field.getName(), nodes);
      } else if (field.getName().equals("type")) {
        type = String.valueOf(read);
      } else if (field.getName().equals("value")) {
        value = String.valueOf(read);
      } else if (BINDING.contains(field.getName())
          && read instanceof String name
          && !name.isEmpty()) {
        binds.add(name);
      }
    }
    return new Node(type, value, binds, parts);
  }

  private static Stream<Symbol> symbols(Object value) {
    return switch (value) {
      case Symbol symbol -> Stream.of(symbol);
      case List<?> list -> list.stream().flatMap(Node::symbols);
      case Symbol[] pair -> Stream.of(pair).flatMap(Node::symbols);
      default -> Stream.empty();
    };
  }

  /** The field's value; a string that says nothing if it has none. */
  private static Object read(Field field, Symbol symbol) {
    try {
      Object value = field.get(symbol);
      return value == null ? "" : value;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (Field field : Symbol.class.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return List.copyOf(fields);
  }
}
