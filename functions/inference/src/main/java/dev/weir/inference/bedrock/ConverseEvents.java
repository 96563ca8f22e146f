package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the events of ConverseStream and the reply of Converse into the same model events. Pieces
 * that hold nothing, padding and fields of later API versions are passed over.
 */
final class ConverseEvents {
  private static final ObjectReader READER =
      new ObjectMapper()
          .reader()
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private ConverseEvents() {}

  /**
   * One frame of ConverseStream.
   *
   * @param type the frame's {@code :event-type}
   * @throws IOException when the payload is not JSON
   */
  static Optional<ModelEvent> ofFrame(String type, byte[] payload) throws IOException {
    JsonNode event = READER.readTree(payload);
    int block = event.path("contentBlockIndex").asInt();
    return switch (type) {
      case "messageStart" -> Optional.of(new ModelEvent.Started());
      case "contentBlockStart" -> toolStarted(block, event.path("start").path("toolUse"));
      case "contentBlockDelta" -> delta(block, event.path("delta"));
      case "contentBlockStop" -> Optional.of(new ModelEvent.BlockStopped(block));
      case "messageStop" -> Optional.of(stopped(event));
      case "metadata" -> usage(event.path("usage"));
      default -> Optional.empty();
    };
  }

  /**
   * The whole reply of Converse; without a stop event when the reply is not whole.
   *
   * @throws IOException when the reply is not JSON
   */
  static List<ModelEvent> ofReply(byte[] reply) throws IOException {
    JsonNode body = READER.readTree(reply);
    List<ModelEvent> events = new ArrayList<>();
    events.add(new ModelEvent.Started());
    int block = 0;
    for (JsonNode content : body.path("output").path("message").path("content")) {
      JsonNode reasoning = content.path("reasoningContent").path("reasoningText");
      JsonNode tool = content.path("toolUse");
      text(content.path("text")).map(text(block)).ifPresent(events::add);
      text(reasoning.path("text")).map(reasoning(block)).ifPresent(events::add);
      if (toolStarted(block, tool).map(events::add).isPresent() && !tool.path("input").isEmpty()) {
        events.add(new ModelEvent.ToolDelta(block, tool.path("input").toString()));
      }
      events.add(new ModelEvent.BlockStopped(block++));
    }
    if (body.path("stopReason").isTextual()) {
      events.add(stopped(body));
      usage(body.path("usage")).ifPresent(events::add);
    }
    return events;
  }

  /** The exception's name in an error body; empty when there is none. */
  static String errorType(byte[] body) {
    try {
      JsonNode error = READER.readTree(body);
      return error.path("__type").asText(error.path("code").asText(""));
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<ModelEvent> toolStarted(int block, JsonNode tool) {
    return tool.isObject()
        ? Optional.of(
            new ModelEvent.ToolStarted(
                block, tool.path("toolUseId").asText(), tool.path("name").asText()))
        : Optional.empty();
  }

  private static Optional<ModelEvent> delta(int block, JsonNode delta) {
    return text(delta.path("text"))
        .map(text(block))
        .or(() -> text(delta.path("reasoningContent").path("text")).map(reasoning(block)))
        .or(() ->
            text(delta.path("toolUse").path("input"))
                .map(json -> new ModelEvent.ToolDelta(block, json)));
  }

  private static Function<String, ModelEvent> text(int block) {
    return text -> new ModelEvent.TextDelta(block, text);
  }

  private static Function<String, ModelEvent> reasoning(int block) {
    return text -> new ModelEvent.ReasoningDelta(block, text);
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
  }

  private static ModelEvent stopped(JsonNode event) {
    return new ModelEvent.Stopped(
        switch (event.path("stopReason").asText()) {
          case "end_turn" -> StopReason.END_TURN;
          case "stop_sequence" -> StopReason.STOP_SEQUENCE;
          case "max_tokens" -> StopReason.MAX_TOKENS;
          case "model_context_window_exceeded" -> StopReason.CONTEXT_WINDOW;
          case "tool_use" -> StopReason.TOOL_USE;
          case "content_filtered" -> StopReason.CONTENT_FILTERED;
          case "guardrail_intervened" -> StopReason.GUARDRAIL_INTERVENED;
          // malformed_model_output, malformed_tool_use, and what later versions may add
          default -> StopReason.MALFORMED;
        });
  }

  private static Optional<ModelEvent> usage(JsonNode usage) {
    if (!usage.hasNonNull("inputTokens") || !usage.hasNonNull("outputTokens")) {
      return Optional.empty();
    }
    long oneHour = 0;
    for (JsonNode detail : usage.path("cacheDetails")) {
      oneHour += detail.path("ttl").asText().equals("1h") ? count(detail, "inputTokens") : 0;
    }
    long written = count(usage, "cacheWriteInputTokens");
    return Optional.of(
        new ModelEvent.UsageReported(
            new Usage(
                count(usage, "inputTokens"),
                count(usage, "outputTokens"),
                count(usage, "cacheReadInputTokens"),
                Math.max(0, written - oneHour),
                oneHour)));
  }

  private static long count(JsonNode usage, String name) {
    return Math.max(0, usage.path(name).asLong());
  }
}
