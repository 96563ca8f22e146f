package dev.weir.local.bedrock.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes an answer's events as chat completion chunks, and gathers them into one completion. */
final class ChatEvents {
  private static final String ID = "chatcmpl-local";

  private final String model;
  private final boolean includeUsage;
  private final Map<Integer, Integer> callIndexes = new HashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final ArrayNode calls = Json.object().putArray("tool_calls");
  private String finishReason = "stop";
  private boolean isStopped;
  private ObjectNode usage = Json.object();

  ChatEvents(String model, boolean includeUsage) {
    this.model = model;
    this.includeUsage = includeUsage;
  }

  /** The JSON of the chunk an event becomes, if it becomes one. */
  Optional<ObjectNode> chunk(StreamEvent event) {
    JsonNode payload = event.payload();
    int block = payload.path("contentBlockIndex").asInt();
    ObjectNode delta = Json.object();
    switch (event.type()) {
      case "messageStart" -> delta.put("role", "assistant").put("content", "");
      case "contentBlockStart" -> call(block, payload.path("start").path("toolUse"), delta);
      case "contentBlockDelta" -> piece(block, payload.path("delta"), delta);
      case "messageStop" -> {
        isStopped = true;
        finishReason = finishReason(payload.path("stopReason").asText());
        return Optional.of(chunk(delta, finishReason));
      }
      case "metadata" -> {
        count(payload.path("usage"));
        ObjectNode last = head("chat.completion.chunk");
        last.putArray("choices");
        return includeUsage ? Optional.of(last.set("usage", usage)) : Optional.empty();
      }
      default -> {
        if (event.isException()) {
          ObjectNode error = Json.object();
          error
              .putObject("error")
              .put("message", payload.path("message").asText())
              .put("code", event.asError().status());
          return Optional.of(error);
        }
      }
    }
    return delta.isEmpty() ? Optional.empty() : Optional.of(chunk(delta, ""));
  }

  /** Whether the answer has come to its end. */
  boolean isStopped() {
    return isStopped;
  }

  /** Everything so far as one completion. */
  ObjectNode completion() {
    ObjectNode whole = head("chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.put("content", text.toString());
    if (!calls.isEmpty()) {
      message.set("tool_calls", calls);
    }
    choice.put("finish_reason", finishReason);
    whole.set("usage", usage);
    return whole;
  }

  private void call(int block, JsonNode use, ObjectNode delta) {
    int index = callIndexes.size();
    callIndexes.put(block, index);
    ObjectNode call = calls.addObject().put("id", use.path("toolUseId").asText());
    call.put("type", "function");
    call.putObject("function").put("name", use.path("name").asText()).put("arguments", "");
    delta.putArray("tool_calls").add(call.deepCopy().put("index", index));
  }

  private void piece(int block, JsonNode piece, ObjectNode delta) {
    if (piece.has("text")) {
      text.append(piece.path("text").asText());
      delta.set("content", piece.path("text"));
      return;
    }
    int index = callIndexes.getOrDefault(block, 0);
    String json = piece.path("toolUse").path("input").asText();
    ObjectNode function = (ObjectNode) calls.path(index).path("function");
    function.put("arguments", function.path("arguments").asText() + json);
    delta
        .putArray("tool_calls")
        .addObject()
        .put("index", index)
        .putObject("function")
        .put("arguments", json);
  }

  private void count(JsonNode counted) {
    usage =
        Json.object()
            .put("prompt_tokens", counted.path("inputTokens").asInt())
            .put("completion_tokens", counted.path("outputTokens").asInt())
            .put("total_tokens", counted.path("totalTokens").asInt());
  }

  private ObjectNode chunk(ObjectNode delta, String reason) {
    ObjectNode chunk = head("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", reason.isEmpty() ? null : reason);
    return chunk;
  }

  private ObjectNode head(String object) {
    return Json.object().put("id", ID).put("object", object).put("created", 0).put("model", model);
  }

  private static String finishReason(String stopReason) {
    return switch (stopReason) {
      case "max_tokens" -> "length";
      case "tool_use" -> "tool_calls";
      default -> "stop";
    };
  }
}
