package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.weir.api.ChatRequest.ToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads back what {@link ChatCompletionWriter} wrote, as a cache keeps it. */
public final class ChatCompletionReader {
  private static final ObjectReader READER = new ObjectMapper().reader();

  private ChatCompletionReader() {}

  /** The completion, or empty when the bytes are not a whole one. */
  public static Optional<ChatCompletion> read(byte[] utf8) {
    try {
      JsonNode body = READER.readTree(utf8);
      JsonNode choice = body.path("choices").path(0);
      JsonNode message = choice.path("message");
      if (!choice.path("finish_reason").isTextual() || !message.isObject()) {
        return Optional.empty();
      }
      return Optional.of(
          new ChatCompletion(
              new CompletionHead(
                  body.path("id").asText(),
                  body.path("created").asLong(),
                  body.path("model").asText()),
              message.path("content").asText(""),
              message.path("reasoning_content").asText(""),
              toolCalls(message.path("tool_calls")),
              choice.path("finish_reason").asText(),
              usage(body.path("usage"))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<ToolCall> toolCalls(JsonNode calls) {
    List<ToolCall> read = new ArrayList<>();
    for (JsonNode call : calls) {
      JsonNode function = call.path("function");
      read.add(
          new ToolCall(
              call.path("id").asText(),
              function.path("name").asText(),
              function.path("arguments").asText()));
    }
    return read;
  }

  private static Optional<CompletionUsage> usage(JsonNode usage) {
    if (!usage.isObject()) {
      return Optional.empty();
    }
    JsonNode details = usage.path("prompt_tokens_details");
    return Optional.of(
        new CompletionUsage(
            usage.path("prompt_tokens").asLong(),
            usage.path("completion_tokens").asLong(),
            details.path("cached_tokens").asLong(),
            details.path("cache_write_tokens").asLong()));
  }
}
