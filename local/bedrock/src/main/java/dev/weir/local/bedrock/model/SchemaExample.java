package dev.weir.local.bedrock.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * The smallest value a JSON schema allows, where the schema keeps to types, {@code enum}, {@code
 * const}, bounds, {@code anyOf}, {@code oneOf} and local references. Patterns are not obeyed.
 */
final class SchemaExample {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Stops schemas that contain themselves. */
  private static final int MAX_DEPTH = 16;

  private final JsonNode root;

  private SchemaExample(JsonNode root) {
    this.root = root;
  }

  static JsonNode of(JsonNode schema) {
    return new SchemaExample(schema).value(schema, 0);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth > MAX_DEPTH) {
      return NullNode.instance;
    }
    if (schema.has("const")) {
      return schema.path("const");
    }
    for (String choice : List.of("enum", "examples")) {
      if (schema.path(choice).has(0)) {
        return schema.path(choice).path(0);
      }
    }
    for (String union : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.path(union).has(0)) {
        return value(schema.path(union).path(0), depth + 1);
      }
    }
    if (schema.path("$ref").asText("").startsWith("#/")) {
      return value(root.at(schema.path("$ref").asText().substring(1)), depth + 1);
    }
    return typed(type(schema), schema, depth);
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    String implied = schema.has("properties") ? "object" : "string";
    return (type.isArray() ? type.path(0) : type).asText(implied);
  }

  private JsonNode typed(String type, JsonNode schema, int depth) {
    return switch (type) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> NODES.numberNode((long) Math.ceil(lowest(schema, 1)));
      case "number" -> NODES.numberNode(lowest(schema, 0.5));
      case "boolean" -> BooleanNode.TRUE;
      case "null" -> NullNode.instance;
      default -> text(schema);
    };
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(entry -> object.set(entry.getKey(), value(entry.getValue(), depth + 1)));
    return object;
  }

  private ArrayNode array(JsonNode schema, int depth) {
    ArrayNode array = NODES.arrayNode();
    for (int i = 0; i < schema.path("minItems").asInt(1); i++) {
      array.add(value(schema.path("items"), depth + 1));
    }
    return array;
  }

  private static double lowest(JsonNode schema, double step) {
    if (schema.has("minimum")) {
      return schema.path("minimum").asDouble();
    }
    if (schema.has("exclusiveMinimum")) {
      return schema.path("exclusiveMinimum").asDouble() + step;
    }
    return Math.min(1, schema.path("maximum").asDouble(1));
  }

  private static TextNode text(JsonNode schema) {
    String text =
        switch (schema.path("format").asText("")) {
          case "date" -> "2026-01-01";
          case "date-time" -> "2026-01-01T00:00:00Z";
          case "email" -> "someone@example.com";
          case "uri" -> "https://example.com/";
          case "uuid" -> "00000000-0000-4000-8000-000000000000";
          default -> "text";
        };
    String padded =
        text + "x".repeat(Math.max(0, schema.path("minLength").asInt() - text.length()));
    int longest = schema.path("maxLength").asInt(padded.length());
    return TextNode.valueOf(padded.substring(0, Math.min(longest, padded.length())));
  }
}
