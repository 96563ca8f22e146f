package dev.weir.statemachines.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.statemachines.lint.Argument.Each;
import dev.weir.statemachines.lint.Argument.Either;
import dev.weir.statemachines.lint.Argument.Elements;
import dev.weir.statemachines.lint.Argument.Members;
import dev.weir.statemachines.lint.Argument.Unknown;
import dev.weir.states.definition.Node;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads arguments from JSON, and from expressions as far as their syntax tells. */
final class ArgumentReader {
  private ArgumentReader() {}

  static Argument read(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        Map<String, Argument> members = new LinkedHashMap<>();
        value.properties().forEach(entry -> members.put(entry.getKey(), read(entry.getValue())));
        yield new Members(members, members.keySet(), false);
      }
      case ARRAY -> new Elements(value.valueStream().map(ArgumentReader::read).toList());
      case STRING, NUMBER, BOOLEAN, NULL, BINARY, MISSING, POJO -> new Unknown();
    };
  }

  static Argument read(Node node) {
    return switch (node.type()) {
      case "unary" ->
          switch (node.value()) {
            case "{" -> object(node.part("lhsObject"));
            case "[" -> new Elements(read(node.part("expressions")));
            default -> new Unknown();
          };
      case "condition" ->
          new Either(
              read(
                  Stream.concat(node.part("then").stream(), node.part("_else").stream()).toList()));
      case "block" -> last(node.part("expressions"));
      case "path" -> path(node.part("steps"));
      case "function" -> function(node);
      default -> new Unknown();
    };
  }

  private static List<Argument> read(List<Node> nodes) {
    return nodes.stream().map(ArgumentReader::read).toList();
  }

  private static Argument last(List<Node> expressions) {
    return expressions.isEmpty() ? new Unknown() : read(expressions.getLast());
  }

  /** A path that ends in a constructor makes one for each of its items. */
  private static Argument path(List<Node> steps) {
    return steps.getLast().type().equals("unary") ? new Each(read(steps.getLast())) : new Unknown();
  }

  /**
   * A member whose value may be nothing, as that of a condition without alternative, may be
   * missing.
   *
   * @param pairs key, value, key, value
   */
  private static Members object(List<Node> pairs) {
    Map<String, Argument> members = new LinkedHashMap<>();
    Set<String> certain = new HashSet<>();
    boolean open = false;
    for (int i = 0; i < pairs.size(); i += 2) {
      Node key = pairs.get(i);
      Node value = pairs.get(i + 1);
      if (key.type().equals("string")) {
        members.put(key.value(), read(value));
        if (!value.type().equals("condition") || !value.part("_else").isEmpty()) {
          certain.add(key.value());
        }
      } else {
        open = true;
      }
    }
    return new Members(members, certain, open);
  }

  private static Argument function(Node node) {
    List<Node> arguments = node.part("arguments");
    Node procedure = node.part("procedure").getFirst();
    return switch (procedure.type().equals("variable") ? procedure.value() : "") {
      case "merge" -> merged(read(arguments.getFirst()));
      case "append" -> new Elements(read(arguments).stream().<Argument>map(Each::new).toList());
      case "map" -> new Each(last(arguments.getLast().part("body")));
      default -> new Unknown();
    };
  }

  private static Argument merged(Argument objects) {
    if (!(objects instanceof Elements(var elements))) {
      return new Unknown();
    }
    Map<String, Argument> members = new LinkedHashMap<>();
    Set<String> certain = new HashSet<>();
    boolean open = false;
    for (Argument element : elements) {
      switch (element) {
        case Members object -> {
          members.putAll(object.members());
          certain.addAll(object.certain());
          open |= object.open();
        }
        case Either(var choices) -> {
          for (Argument choice : choices) {
            if (choice instanceof Members object) {
              members.putAll(object.members());
              open |= object.open();
            } else {
              open = true;
            }
          }
        }
        case Elements _, Each _, Unknown _ -> open = true;
      }
    }
    return new Members(members, certain, open);
  }
}
