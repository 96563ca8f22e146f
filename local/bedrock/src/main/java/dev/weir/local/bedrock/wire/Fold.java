package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Gathers the events of one answer into the body of a Converse reply. */
public final class Fold {
  private final Map<Integer, StringBuilder> texts = new TreeMap<>();
  private final Map<Integer, StringBuilder> reasoning = new TreeMap<>();
  private final Map<Integer, ObjectNode> tools = new TreeMap<>();
  private final ObjectNode body = Json.object();

  /** Takes the next event. */
  public void add(StreamEvent event) {
    JsonNode payload = event.payload();
    int block = payload.path("contentBlockIndex").asInt();
    switch (event.type()) {
      case "contentBlockStart" -> {
        if (payload.path("start").path("toolUse") instanceof ObjectNode tool) {
          tools.put(block, tool.deepCopy());
          texts.put(block, new StringBuilder());
        }
      }
      case "contentBlockDelta" -> delta(block, payload.path("delta"));
      case "messageStop" -> body.setAll((ObjectNode) payload);
      case "metadata" -> body.setAll((ObjectNode) payload);
      default -> {}
    }
  }

  private void delta(int block, JsonNode delta) {
    JsonNode thought = delta.path("reasoningContent").path("text");
    if (thought.isTextual()) {
      reasoning.computeIfAbsent(block, b -> new StringBuilder()).append(thought.asText());
      return;
    }
    texts
        .computeIfAbsent(block, b -> new StringBuilder())
        .append(delta.path("text").asText(""))
        .append(delta.path("toolUse").path("input").asText(""));
  }

  /** The body of the Converse reply: what has been added so far. */
  public ObjectNode body() {
    ObjectNode reply = Json.object();
    ObjectNode message = reply.putObject("output").putObject("message").put("role", "assistant");
    ArrayNode content = message.putArray("content");
    Map<Integer, ObjectNode> blocks = new TreeMap<>();
    reasoning.forEach((block, text) -> blocks.put(block, thought(text.toString())));
    texts.forEach((block, text) -> blocks.put(block, block(block, text.toString())));
    blocks.values().stream().filter(block -> !block.isEmpty()).forEach(content::add);
    return reply.setAll(body);
  }

  private static ObjectNode thought(String text) {
    ObjectNode block = Json.object();
    block.putObject("reasoningContent").putObject("reasoningText").put("text", text);
    return block;
  }

  /** A tool call whose arguments were cut by the token limit is left out: it has no JSON. */
  private ObjectNode block(int index, String text) {
    ObjectNode tool = tools.get(index);
    ObjectNode block = Json.object();
    if (tool == null) {
      return block.put("text", text);
    }
    try {
      tool.set("input", text.isEmpty() ? Json.object() : Json.read(text));
      block.set("toolUse", tool);
    } catch (IOException cut) {
      return block;
    }
    return block;
  }
}
