package dev.weir.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes the chunks of one streamed answer. With {@code include_usage} every chunk carries {@code
 * usage: null} until the trailing one; without it that one is left out.
 */
public final class ChatChunkWriter {
  private final boolean includeUsage;

  public ChatChunkWriter(boolean includeUsage) {
    this.includeUsage = includeUsage;
  }

  /** The chunk in UTF-8, or empty when this client did not ask for it. */
  public Optional<byte[]> bytes(ChatChunk chunk) {
    if (chunk.delta() instanceof ChatChunk.Totals && !includeUsage) {
      return Optional.empty();
    }
    return Optional.of(JsonBytes.object(json -> write(json, chunk)));
  }

  private void write(JsonGenerator json, ChatChunk chunk) throws IOException {
    ChatCompletionWriter.head(json, chunk.head(), "chat.completion.chunk");
    json.writeArrayFieldStart("choices");
    if (chunk.delta() instanceof ChatChunk.Totals(CompletionUsage usage)) {
      json.writeEndArray();
      ChatCompletionWriter.usage(json, usage);
      return;
    }
    json.writeStartObject();
    json.writeNumberField("index", 0);
    json.writeObjectFieldStart("delta");
    delta(json, chunk.delta());
    json.writeEndObject();
    json.writeNullField("logprobs");
    json.writeStringField(
        "finish_reason",
        chunk.delta() instanceof ChatChunk.Finish(String finishReason) ? finishReason : null);
    json.writeEndObject();
    json.writeEndArray();
    if (includeUsage) {
      json.writeNullField("usage");
    }
  }

  private static void delta(JsonGenerator json, ChatChunk.Delta delta) throws IOException {
    switch (delta) {
      case ChatChunk.Role(boolean isTextNext) -> {
        json.writeStringField("role", "assistant");
        json.writeStringField("content", isTextNext ? "" : null);
        json.writeNullField("refusal");
      }
      case ChatChunk.Text(String text) -> json.writeStringField("content", text);
      case ChatChunk.Reasoning(String text) -> json.writeStringField("reasoning_content", text);
      case ChatChunk.CallStart(int index, String id, String name) -> {
        callStart(json, index);
        json.writeStringField("id", id);
        json.writeStringField("type", "function");
        function(json, name, "");
      }
      case ChatChunk.CallArguments(int index, String arguments) -> {
        callStart(json, index);
        function(json, "", arguments);
      }
      case ChatChunk.Finish _, ChatChunk.Totals _ -> {}
    }
  }

  private static void callStart(JsonGenerator json, int index) throws IOException {
    json.writeArrayFieldStart("tool_calls");
    json.writeStartObject();
    json.writeNumberField("index", index);
  }

  private static void function(JsonGenerator json, String name, String arguments)
      throws IOException {
    json.writeObjectFieldStart("function");
    // Clients append every name they see, so it is sent once.
    if (!name.isEmpty()) {
      json.writeStringField("name", name);
    }
    json.writeStringField("arguments", arguments);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }
}
