package dev.weir.local.sagemaker.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request in AWS Query, read into the tree that AWS JSON would have. */
public final class Query {
  private static final String ACTION = "Action";

  private final Parameters root = new Parameters(new TreeMap<>(), Optional.empty());

  /** Parameters by the parts of their dotted names. */
  private record Parameters(Map<String, Parameters> parts, Optional<String> value) {}

  /** Reads a form. */
  public Query(String form) {
    for (String pair : form.split("&")) {
      String[] sides = pair.split("=", 2);
      String value = sides.length == 2 ? URLDecoder.decode(sides[1], UTF_8) : "";
      put(root, URLDecoder.decode(sides[0], UTF_8), value);
    }
  }

  private static void put(Parameters into, String name, String value) {
    String[] sides = name.split("\\.", 2);
    if (sides.length == 1) {
      into.parts().put(name, new Parameters(new TreeMap<>(), Optional.of(value)));
    } else {
      put(
          into.parts()
              .computeIfAbsent(sides[0], _ -> new Parameters(new TreeMap<>(), Optional.empty())),
          sides[1],
          value);
    }
  }

  /** The operation's name; empty when none was sent. */
  public String action() {
    Parameters action = root.parts().get(ACTION);
    return action == null ? "" : action.value().orElse("");
  }

  /**
   * The request as the shape has it.
   *
   * @throws ApiError {@code MalformedInput}: a value is not of the shape's type
   */
  public JsonNode tree(ServiceModel model, String shape) {
    return shape.isEmpty() ? Json.object() : tree(model, model.shape(shape), root);
  }

  private static JsonNode tree(ServiceModel model, Shape shape, Parameters from) {
    String text = from.value().orElse("");
    try {
      return switch (shape.type()) {
        case STRUCTURE -> structure(model, shape, from);
        case LIST -> list(model, shape, from);
        case MAP -> throw new ApiError("MalformedInput", 400, "a map is not known here");
        case INTEGER, LONG -> LongNode.valueOf(Long.parseLong(text));
        case FLOAT, DOUBLE -> DoubleNode.valueOf(Double.parseDouble(text));
        case BOOLEAN -> BooleanNode.valueOf(text.equals("true"));
        case STRING, BLOB, TIMESTAMP -> TextNode.valueOf(text);
      };
    } catch (NumberFormatException e) {
      throw new ApiError("MalformedInput", 400, "not a number: " + text);
    }
  }

  private static JsonNode structure(ServiceModel model, Shape shape, Parameters from) {
    ObjectNode tree = Json.object();
    shape
        .members()
        .forEach((name, member) -> {
          Parameters part = from.parts().get(name);
          if (part != null) {
            tree.set(name, tree(model, model.shape(member), part));
          }
        });
    return tree;
  }

  private static JsonNode list(ServiceModel model, Shape shape, Parameters from) {
    ArrayNode tree = Json.array();
    Parameters members = from.parts().get("member");
    if (members != null) {
      members.parts().entrySet().stream()
          .sorted(Comparator.comparingInt(entry -> Integer.parseInt(entry.getKey())))
          .forEach(entry -> tree.add(tree(model, model.shape(shape.member()), entry.getValue())));
    }
    return tree;
  }
}
