package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * The body of one response (OpenAI API reference, "The response object") in each of its states.
 * What it repeats of the request it takes from what went to the model, so that nothing a guard has
 * masked is shown or kept.
 *
 * @param request what the client asked
 * @param asked the chat completion that was made of it, as the guards have left it
 * @param isStored whether it can be asked for again
 */
public record ResponseBody(
    CompletionHead head, ResponsesRequest request, ChatRequest asked, boolean isStored) {

  private static final Map<String, String> INCOMPLETE =
      Map.of("length", "max_output_tokens", "content_filter", "content_filter");

  /** The status of an answer that ended for this reason. */
  public static String status(String finishReason) {
    return INCOMPLETE.containsKey(finishReason) ? "incomplete" : "completed";
  }

  /** As it begins. */
  public ObjectNode inProgress() {
    return body("in_progress", JsonNodeFactory.instance.arrayNode());
  }

  /** As it ends. */
  public ObjectNode ended(ArrayNode output, String finishReason, Optional<CompletionUsage> usage) {
    ObjectNode body = body(status(finishReason), output);
    if (INCOMPLETE.containsKey(finishReason)) {
      body.putObject("incomplete_details").put("reason", INCOMPLETE.get(finishReason));
    }
    usage.ifPresent(counted -> usage(body.putObject("usage"), counted));
    return body;
  }

  /** As it breaks off. */
  public ObjectNode failed(ArrayNode output, ApiError error) {
    ObjectNode body = body("failed", output);
    body.putObject("error").put("code", error.code()).put("message", error.message());
    return body;
  }

  private ObjectNode body(String status, ArrayNode output) {
    JsonNode sent = asked.body();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", head.id()).put("object", "response").put("created_at", head.created());
    body.put("status", status).put("background", false);
    body.putNull("error").putNull("incomplete_details");
    body.put(
        "instructions",
        request
            .instructions()
            .map(_ -> sent.path("messages").path(0).path("content").asText())
            .orElse(null));
    body.set("max_output_tokens", sent.get("max_tokens"));
    body.set("metadata", request.metadata());
    body.put("model", head.model());
    body.set("output", output);
    body.put("parallel_tool_calls", asked.parallelToolCalls().orElse(true));
    body.put("previous_response_id", request.previousResponseId().orElse(null));
    request.conversationId().ifPresent(id -> body.putObject("conversation").put("id", id));
    body.putObject("reasoning").putNull("effort").putNull("summary");
    body.put("store", isStored);
    body.put("temperature", asked.temperature().orElse(1));
    body.putObject("text").set("format", format(sent.path("response_format")));
    body.set("tool_choice", choice(sent.path("tool_choice")));
    ArrayNode tools = body.putArray("tools");
    sent.path("tools").forEach(tool -> tools.add(flat(tool, "function")));
    body.put("top_p", asked.topP().orElse(1));
    body.put("truncation", request.mayForget() ? "auto" : "disabled");
    body.putNull("usage");
    return body;
  }

  private static JsonNode format(JsonNode format) {
    return format.isObject()
        ? flat(format, "json_schema")
        : JsonNodeFactory.instance.objectNode().put("type", "text");
  }

  private static JsonNode choice(JsonNode choice) {
    return switch (choice) {
      case ObjectNode named -> flat(named, "function");
      default -> choice.isTextual() ? choice : JsonNodeFactory.instance.textNode("auto");
    };
  }

  /** A chat completion nests by type what a response has in one object. */
  private static ObjectNode flat(JsonNode nested, String inner) {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    flat.set("type", nested.path("type"));
    nested.path(inner).properties().forEach(field -> flat.set(field.getKey(), field.getValue()));
    return flat;
  }

  private static void usage(ObjectNode usage, CompletionUsage counted) {
    usage.put("input_tokens", counted.promptTokens());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", counted.cachedTokens())
        .put("cache_write_tokens", counted.cacheWriteTokens());
    usage.put("output_tokens", counted.completionTokens());
    // Bedrock does not tell reasoning from the rest.
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", counted.totalTokens());
  }
}
