package dev.weir.states.definition;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON values as the JSONata library holds them, and back. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final double EXACT = 9_007_199_254_740_992.0;

  private Values() {}

  static Object toJsonata(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = LinkedHashMap.newLinkedHashMap(node.size());
        node.properties().forEach(entry -> map.put(entry.getKey(), toJsonata(entry.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(toJsonata(element)));
        yield list;
      }
      case STRING -> node.textValue();
      case NUMBER -> node.numberValue();
      case BOOLEAN -> node.booleanValue();
      case NULL, MISSING, POJO, BINARY -> Jsonata.NULL_VALUE;
    };
  }

  /** Empty if the value has no JSON form: a function, or something that holds one. */
  static Optional<JsonNode> fromJsonata(Object value) {
    return switch (value) {
      case String text -> Optional.of(JSON.textNode(text));
      case Boolean truth -> Optional.of(JSON.booleanNode(truth));
      case Number number -> Optional.of(number(number));
      case List<?> list -> array(list);
      case Map<?, ?> map -> object(map);
      default -> value.equals(Jsonata.NULL_VALUE) ? Optional.of(JSON.nullNode()) : Optional.empty();
    };
  }

  /** A whole number has no fraction, as in JavaScript, whichever type it was computed in. */
  private static JsonNode number(Number number) {
    double value = number.doubleValue();
    if (value != Math.rint(value) || Math.abs(value) > EXACT) {
      return number instanceof Long exact ? JSON.numberNode(exact) : JSON.numberNode(value);
    }
    long whole = number.longValue();
    return whole == (int) whole ? JSON.numberNode((int) whole) : JSON.numberNode(whole);
  }

  private static Optional<JsonNode> array(List<?> list) {
    ArrayNode array = JSON.arrayNode(list.size());
    for (Object element : list) {
      Optional<JsonNode> node =
          element == null ? Optional.of(JSON.nullNode()) : fromJsonata(element);
      if (node.isEmpty()) {
        return node;
      }
      array.add(node.get());
    }
    return Optional.of(array);
  }

  private static Optional<JsonNode> object(Map<?, ?> map) {
    ObjectNode object = JSON.objectNode();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (entry.getValue() == null) {
        continue;
      }
      Optional<JsonNode> node = fromJsonata(entry.getValue());
      if (node.isEmpty()) {
        return node;
      }
      object.set(String.valueOf(entry.getKey()), node.get());
    }
    return Optional.of(object);
  }
}
