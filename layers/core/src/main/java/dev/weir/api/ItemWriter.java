package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Writes chat messages as items of the Responses API, which {@link ResponsesReader} reads back. */
public final class ItemWriter {
  private final String turn;
  private final List<JsonNode> items = new ArrayList<>();

  private ItemWriter(String turn) {
    this.turn = turn;
  }

  /**
   * The items of these messages, in their order.
   *
   * @param turn in every item's id, so that ids are unique within a session
   */
  public static List<JsonNode> items(Iterable<JsonNode> messages, String turn) {
    ItemWriter writer = new ItemWriter(turn);
    messages.forEach(writer::add);
    return writer.items;
  }

  /** An item as it begins: its id, type and status. */
  public static ObjectNode item(String prefix, String name, String type, String status) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", prefix + "_" + name)
        .put("type", type)
        .put("status", status);
  }

  /** An {@code output_text} part. */
  public static ObjectNode outputText(String text) {
    ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text");
    part.put("text", text).putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  private void add(JsonNode message) {
    String role = message.path("role").asText();
    JsonNode content = message.path("content");
    switch (role) {
      case "tool" ->
          begin("fco", "function_call_output")
              .put("call_id", message.path("tool_call_id").asText())
              .put("output", content.asText());
      case "assistant" -> {
        if (!content.asText().isEmpty()) {
          begin("msg", "message")
              .put("role", role)
              .putArray("content")
              .add(outputText(content.asText()));
        }
        message.path("tool_calls").forEach(this::call);
      }
      default -> {
        ArrayNode parts = begin("msg", "message").put("role", role).putArray("content");
        if (content.isTextual()) {
          parts.addObject().put("type", "input_text").put("text", content.textValue());
        } else {
          content.forEach(part -> part(parts.addObject(), part));
        }
      }
    }
  }

  private void call(JsonNode call) {
    JsonNode function = call.path("function");
    begin("fc", "function_call")
        .put("call_id", call.path("id").asText())
        .put("name", function.path("name").asText())
        .put("arguments", function.path("arguments").asText());
  }

  private static void part(ObjectNode item, JsonNode part) {
    if (part.path("type").asText().equals("text")) {
      item.put("type", "input_text").put("text", part.path("text").asText());
    } else {
      JsonNode image = part.path("image_url");
      item.put("type", "input_image")
          .put("image_url", image.path("url").asText())
          .put("detail", image.path("detail").asText("auto"));
    }
  }

  private ObjectNode begin(String prefix, String type) {
    ObjectNode item = item(prefix, turn + "_i" + items.size(), type, "completed");
    items.add(item);
    return item;
  }
}
