package dev.weir.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.api.ChatRequest.ToolCall;
import java.io.IOException;
import java.util.List;

/** Writes a finished answer as the body of a buffered reply. */
public final class ChatCompletionWriter {
  private ChatCompletionWriter() {}

  /** The body in UTF-8. {@link ChatCompletionReader} reads it back. */
  public static byte[] bytes(ChatCompletion completion) {
    return JsonBytes.object(json -> {
      head(json, completion.head(), "chat.completion");
      json.writeArrayFieldStart("choices");
      json.writeStartObject();
      json.writeNumberField("index", 0);
      message(json, completion);
      json.writeNullField("logprobs");
      json.writeStringField("finish_reason", completion.finishReason());
      json.writeEndObject();
      json.writeEndArray();
      if (completion.usage().isPresent()) {
        usage(json, completion.usage().get());
      }
    });
  }

  static void head(JsonGenerator json, CompletionHead head, String object) throws IOException {
    json.writeStringField("id", head.id());
    json.writeStringField("object", object);
    json.writeNumberField("created", head.created());
    json.writeStringField("model", head.model());
  }

  static void usage(JsonGenerator json, CompletionUsage usage) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", usage.promptTokens());
    json.writeNumberField("completion_tokens", usage.completionTokens());
    json.writeNumberField("total_tokens", usage.totalTokens());
    json.writeObjectFieldStart("prompt_tokens_details");
    json.writeNumberField("cached_tokens", usage.cachedTokens());
    json.writeNumberField("cache_write_tokens", usage.cacheWriteTokens());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void message(JsonGenerator json, ChatCompletion completion) throws IOException {
    json.writeObjectFieldStart("message");
    json.writeStringField("role", "assistant");
    json.writeStringField("content", completion.isContentNull() ? null : completion.text());
    json.writeNullField("refusal");
    if (!completion.reasoning().isEmpty()) {
      json.writeStringField("reasoning_content", completion.reasoning());
    }
    if (!completion.toolCalls().isEmpty()) {
      toolCalls(json, completion.toolCalls());
    }
    json.writeEndObject();
  }

  /**
   * Writes the field {@code tool_calls} of a message.
   *
   * @throws IOException when {@code json} cannot be written
   */
  public static void toolCalls(JsonGenerator json, List<ToolCall> calls) throws IOException {
    json.writeArrayFieldStart("tool_calls");
    for (ToolCall call : calls) {
      json.writeStartObject();
      json.writeStringField("id", call.id());
      json.writeStringField("type", "function");
      json.writeObjectFieldStart("function");
      json.writeStringField("name", call.name());
      json.writeStringField("arguments", call.arguments());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
