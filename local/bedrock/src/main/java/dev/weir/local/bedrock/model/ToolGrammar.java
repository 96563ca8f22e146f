package dev.weir.local.bedrock.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prompt;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The JSON schema of a call of one of some tools, in the few words the native grammar converter is
 * known to survive: it ends the process on a schema it cannot convert. References, patterns and
 * combinations become plain values; strings and lists are bounded, so that a small model comes to
 * an end.
 */
final class ToolGrammar {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");
  private static final int MAX_DEPTH = 6;
  private static final int LONGEST_STRING = 80;
  private static final int MOST_ITEMS = 4;

  private ToolGrammar() {}

  /** The schema of {@code {"name": ..., "arguments": ...}} for any of these tools. */
  static String schema(List<Prompt.Tool> tools) {
    ObjectNode schema = Json.object();
    ArrayNode calls = schema.putArray("anyOf");
    for (Prompt.Tool tool : tools) {
      ObjectNode call = calls.addObject().put("type", "object");
      ObjectNode properties = call.putObject("properties");
      properties.putObject("name").put("const", tool.name());
      properties.set("arguments", object(tool.schema(), 0));
      call.putArray("required").add("name").add("arguments");
    }
    return schema.toString();
  }

  private static ObjectNode value(JsonNode schema, int depth) {
    if (schema.path("enum").has(0)) {
      ObjectNode choice = Json.object();
      choice.set("enum", schema.path("enum"));
      return choice;
    }
    JsonNode type = schema.path("type");
    String name = type.isArray() ? type.path(0).asText() : type.asText();
    return switch (name) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer", "number", "boolean", "null" -> Json.object().put("type", name);
      default -> Json.object().put("type", "string").put("maxLength", LONGEST_STRING);
    };
  }

  private static ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = Json.object().put("type", "object");
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = object.putArray("required");
    if (depth < MAX_DEPTH) {
      schema
          .path("properties")
          .properties()
          .forEach(property -> {
            if (NAME.matcher(property.getKey()).matches()) {
              properties.set(property.getKey(), value(property.getValue(), depth + 1));
              required.add(property.getKey());
            }
          });
    }
    return object.put("additionalProperties", false);
  }

  private static ObjectNode array(JsonNode schema, int depth) {
    int fewest = Math.min(MOST_ITEMS, schema.path("minItems").asInt(0));
    ObjectNode array =
        Json.object().put("type", "array").put("minItems", fewest).put("maxItems", MOST_ITEMS);
    return array.set("items", value(schema.path("items"), depth + 1));
  }
}
