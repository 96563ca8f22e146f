package dev.weir.local.sagemaker.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One shape of a service model.
 *
 * @param members of a structure: the names of their shapes
 * @param member of a list: the name of its elements' shape, else empty
 * @param value of a map: the name of its values' shape, else empty
 * @param limits what a value must satisfy
 */
public record Shape(
    Type type,
    Map<String, String> members,
    Set<String> required,
    String member,
    String value,
    Limits limits) {

  /** What a value is. */
  public enum Type {
    STRUCTURE,
    LIST,
    MAP,
    STRING,
    INTEGER,
    LONG,
    FLOAT,
    DOUBLE,
    BOOLEAN,
    TIMESTAMP,
    BLOB
  }

  /**
   * Constraints on a value.
   *
   * @param min least value or length
   * @param max greatest value or length
   * @param values the values allowed, empty for any
   */
  public record Limits(
      OptionalDouble min, OptionalDouble max, Optional<Pattern> pattern, List<String> values) {}

  static Shape of(JsonNode json) {
    Map<String, String> members = new LinkedHashMap<>();
    json.path("members")
        .properties()
        .forEach(entry -> members.put(entry.getKey(), entry.getValue().asText()));
    return new Shape(
        Type.valueOf(json.path("type").asText().toUpperCase(Locale.ROOT)),
        members,
        new TreeSet<>(texts(json.path("required"))),
        json.path("member").asText(),
        json.path("value").asText(),
        new Limits(
            number(json.path("min")),
            number(json.path("max")),
            json.has("pattern")
                ? Optional.of(Pattern.compile(json.path("pattern").asText(), Pattern.DOTALL))
                : Optional.empty(),
            texts(json.path("enum"))));
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static List<String> texts(JsonNode nodes) {
    return nodes.valueStream().map(JsonNode::asText).toList();
  }
}
