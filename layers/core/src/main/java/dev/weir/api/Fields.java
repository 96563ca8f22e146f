package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The typed fields of one JSON object of a request. An explicit null counts as absent. Every
 * violation throws {@link Refused} with the path of the field at fault, never with its value.
 *
 * @param path where the object stands in the body; empty for the body itself
 */
public record Fields(ObjectNode node, String path) {
  private static final int SHOWN_NAME = 64;

  /** Refuses every field that is not one of {@code known}. */
  public Fields only(Set<String> known) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        String shown = at(printable(name));
        throw invalid(
            printable(name),
            "unknown_parameter",
            path.isEmpty()
                ? "Unrecognized request argument supplied: " + shown
                : "Unknown parameter: '" + shown + "'.");
      }
    }
    return this;
  }

  public Optional<JsonNode> value(String name) {
    return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
  }

  public Optional<String> string(String name) {
    return value(name)
        .map(value -> value.isTextual() ? value.textValue() : typed(name, "a string", value));
  }

  public String requiredString(String name) {
    return string(name).orElseThrow(() -> missing(name));
  }

  public Optional<Boolean> flag(String name) {
    return value(name)
        .map(value -> value.isBoolean() ? value.booleanValue() : typed(name, "a boolean", value));
  }

  /** A number between {@code min} and {@code max}, both allowed. */
  OptionalDouble decimal(String name, double min, double max) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().isNumber() ? value.get().doubleValue() : wrong(name, value.get());
    if (number < min || number > max) {
      throw outOfRange(name, "a value from " + min + " to " + max);
    }
    return OptionalDouble.of(number);
  }

  /** An integer of at least {@code min}. */
  public OptionalLong integer(String name, long min) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!value.get().isIntegralNumber()) {
      throw wrongType(name, "an integer", value.get());
    }
    if (!value.get().canConvertToLong() || value.get().longValue() < min) {
      throw outOfRange(name, "an integer of at least " + min);
    }
    return OptionalLong.of(value.get().longValue());
  }

  public Optional<Fields> object(String name) {
    return value(name)
        .map(value ->
            value instanceof ObjectNode object
                ? new Fields(object, at(name))
                : typed(name, "an object", value));
  }

  Fields requiredObject(String name) {
    return object(name).orElseThrow(() -> missing(name));
  }

  /** An array of objects; empty when absent. */
  List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode item : array(name)) {
      String place = name + "[" + objects.size() + "]";
      objects.add(
          item instanceof ObjectNode object
              ? new Fields(object, at(place))
              : typed(place, "an object", item));
    }
    return objects;
  }

  /** An array; empty when absent. */
  public Iterable<JsonNode> array(String name) {
    return value(name)
        .<Iterable<JsonNode>>map(
            value -> value instanceof ArrayNode array ? array : typed(name, "an array", value))
        .orElse(List.of());
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public Refused missing(String name) {
    return invalid(
        name, "missing_required_parameter", "Missing required parameter: '" + at(name) + "'.");
  }

  /** {@code expected} completes "Expected ...". */
  public Refused outOfRange(String name, String expected) {
    return invalid(name, "invalid_value", "Invalid '" + at(name) + "'. Expected " + expected + ".");
  }

  Refused unsupported(String name, String instead) {
    return invalid(
        name,
        "unsupported_parameter",
        "Unsupported parameter: '" + at(name) + "' with this value. " + instead);
  }

  Refused invalid(String name, String code, String message) {
    return new Refused(ApiError.invalid(at(name), code, message));
  }

  public Refused wrongType(String name, String expected, JsonNode actual) {
    return invalid(
        name,
        "invalid_type",
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(at(name), expected, described(actual.getNodeType())));
  }

  private <T> T typed(String name, String expected, JsonNode actual) {
    throw wrongType(name, expected, actual);
  }

  private double wrong(String name, JsonNode actual) {
    throw wrongType(name, "a number", actual);
  }

  private static String described(JsonNodeType type) {
    return type == JsonNodeType.NULL ? "null" : "a " + type.name().toLowerCase(Locale.ROOT);
  }

  private static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), SHOWN_NAME); i++) {
      char c = name.charAt(i);
      shown.append(c > ' ' && c < 127 ? c : '?');
    }
    return shown.toString();
  }
}
