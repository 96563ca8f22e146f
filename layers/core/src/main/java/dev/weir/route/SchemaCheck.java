package dev.weir.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolCall;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Whether an answer has the form that was asked for, as far as {@code type}, {@code enum}, {@code
 * const}, {@code required}, {@code properties}, {@code items} and {@code additionalProperties:
 * false} say; other keywords of JSON Schema allow everything. Pure.
 */
final class SchemaCheck {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private SchemaCheck() {}

  /** Calls by the parameters of their tools, text by the response format. */
  static boolean allows(ChatRequest request, ChatCompletion answer) {
    if (!answer.toolCalls().isEmpty()) {
      return answer.toolCalls().stream().allMatch(call -> isAllowed(request, call));
    }
    return !(request.responseFormat().orElse(null)
            instanceof ResponseFormat.JsonSchema(_, JsonNode schema))
        || isAllowed(schema, answer.text());
  }

  private static boolean isAllowed(ChatRequest request, ToolCall call) {
    Optional<Tool> tool =
        request.tools().stream().filter(offered -> offered.name().equals(call.name())).findFirst();
    return tool.isPresent() && isAllowed(tool.get().parameters(), call.arguments());
  }

  private static boolean isAllowed(JsonNode schema, String text) {
    try {
      JsonNode document = JSON.readTree(text);
      return !document.isMissingNode() && isAllowed(schema, document);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isAllowed(JsonNode schema, JsonNode value) {
    if (!schema.isObject()) {
      return !schema.isBoolean() || schema.booleanValue();
    }
    return isOfType(schema.path("type"), value)
        && (!schema.has("const") || schema.path("const").equals(value))
        && (!schema.has("enum") || schema.path("enum").valueStream().anyMatch(value::equals))
        && (!value.isObject() || areMembersAllowed(schema, value))
        && (!value.isArray()
            || value.valueStream().allMatch(item -> isAllowed(schema.path("items"), item)));
  }

  private static boolean areMembersAllowed(JsonNode schema, JsonNode object) {
    JsonNode properties = schema.path("properties");
    boolean isClosed =
        schema.path("additionalProperties").isBoolean()
            && !schema.path("additionalProperties").booleanValue();
    return schema.path("required").valueStream().allMatch(name -> object.has(name.asText()))
        && object
            .propertyStream()
            .allMatch(member ->
                properties.has(member.getKey())
                    ? isAllowed(properties.path(member.getKey()), member.getValue())
                    : !isClosed);
  }

  private static boolean isOfType(JsonNode type, JsonNode value) {
    Stream<JsonNode> types =
        type.isArray() ? StreamSupport.stream(type.spliterator(), false) : Stream.of(type);
    return type.isMissingNode() || types.anyMatch(each -> isOfType(each.asText(), value));
  }

  private static boolean isOfType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "number" -> value.isNumber();
      case "integer" ->
          value.isIntegralNumber()
              || (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue()));
      default -> true;
    };
  }
}
