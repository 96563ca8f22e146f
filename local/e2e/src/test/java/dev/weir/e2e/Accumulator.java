package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Rebuilds a completion from its chunks as OpenAI's clients do: text is appended, tools by index.
 */
final class Accumulator {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Accumulator() {}

  static ObjectNode rebuild(List<JsonNode> chunks) {
    ObjectNode message = JSON.createObjectNode();
    ObjectNode choice = JSON.createObjectNode();
    ObjectNode completion = JSON.createObjectNode();
    choice.put("index", 0).set("message", message);
    choice.set("logprobs", JSON.nullNode());
    for (JsonNode chunk : chunks) {
      completion.set("model", chunk.path("model"));
      JsonNode piece = chunk.path("choices").path(0);
      for (Map.Entry<String, JsonNode> field : piece.path("delta").properties()) {
        add(message, field.getKey(), field.getValue());
      }
      if (piece.path("finish_reason").isTextual()) {
        choice.set("finish_reason", piece.path("finish_reason"));
      }
      if (chunk.path("usage").isObject()) {
        completion.set("usage", chunk.path("usage"));
      }
    }
    completion.putArray("choices").add(choice);
    return completion;
  }

  private static void add(ObjectNode message, String name, JsonNode value) {
    if (name.equals("tool_calls")) {
      ArrayNode calls = message.withArray("tool_calls");
      for (JsonNode piece : value) {
        addCall(calls, piece);
      }
    } else if (value.isTextual() && message.path(name).isTextual() && !name.equals("role")) {
      message.put(name, message.path(name).asText() + value.asText());
    } else if (!value.isNull() || !message.has(name)) {
      message.set(name, value);
    }
  }

  private static void addCall(ArrayNode calls, JsonNode piece) {
    int index = piece.path("index").asInt();
    while (calls.size() <= index) {
      calls.addObject().putObject("function");
    }
    ObjectNode call = (ObjectNode) calls.get(index);
    for (Map.Entry<String, JsonNode> field : piece.properties()) {
      if (field.getKey().equals("function")) {
        ObjectNode function = (ObjectNode) call.path("function");
        for (Map.Entry<String, JsonNode> part : field.getValue().properties()) {
          function.put(
              part.getKey(), function.path(part.getKey()).asText() + part.getValue().asText());
        }
      } else if (!field.getKey().equals("index")) {
        call.set(field.getKey(), field.getValue());
      }
    }
  }
}
