package dev.weir.inference.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.ImagePart;
import dev.weir.api.ChatRequest.Part;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.TextPart;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.ChatRequest.ToolMessage;
import dev.weir.api.ChatRequest.UserMessage;
import java.io.IOException;
import java.util.List;

/**
 * Writes a conversation as Converse's turns. They alternate and begin with the user's, tool results
 * belong to the user's, and no text block may be blank; OpenAI's messages know none of these rules.
 */
final class ConverseTurns {
  private static final String EMPTY = "(empty)";
  private static final String BEGINNING = "(start of the conversation)";

  private final JsonGenerator json;
  private String openRole = "";

  /** Whether something was said since the last cache point of this turn. */
  private boolean mayPoint;

  ConverseTurns(JsonGenerator json) {
    this.json = json;
  }

  void write(List<ChatMessage> messages) throws IOException {
    for (ChatMessage message : messages) {
      switch (message) {
        case SystemMessage _ -> {}
        case UserMessage(List<Part> parts) -> user(parts);
        case AssistantMessage(String text, List<ToolCall> calls) -> assistant(text, calls);
        case ToolMessage(String id, String text) -> toolResult(id, text);
        case CachePoint point -> point(point);
      }
    }
    close();
  }

  private void user(List<Part> parts) throws IOException {
    turn("user");
    boolean isEmpty = true;
    for (Part part : parts) {
      switch (part) {
        case TextPart(String text) when text.isBlank() -> {}
        case TextPart(String text) -> {
          text(text);
          isEmpty = false;
        }
        case ImagePart(String format, String base64) -> {
          image(format, base64);
          isEmpty = false;
        }
        case CachePoint point -> point(point);
      }
    }
    if (isEmpty) {
      text(EMPTY);
    }
  }

  private void assistant(String text, List<ToolCall> calls) throws IOException {
    if (text.isBlank() && calls.isEmpty()) {
      return;
    }
    if (openRole.isEmpty()) {
      turn("user");
      text(BEGINNING);
    }
    turn("assistant");
    if (!text.isBlank()) {
      text(text);
    }
    for (ToolCall call : calls) {
      json.writeStartObject();
      json.writeObjectFieldStart("toolUse");
      json.writeStringField("toolUseId", call.id());
      json.writeStringField("name", call.name());
      json.writeFieldName("input");
      json.writeRawValue(call.arguments());
      json.writeEndObject();
      json.writeEndObject();
      mayPoint = true;
    }
  }

  private void point(CachePoint point) throws IOException {
    if (mayPoint) {
      ConverseBody.cachePoint(json, point);
      mayPoint = false;
    }
  }

  private void toolResult(String id, String text) throws IOException {
    turn("user");
    json.writeStartObject();
    json.writeObjectFieldStart("toolResult");
    json.writeStringField("toolUseId", id);
    json.writeArrayFieldStart("content");
    text(text.isBlank() ? EMPTY : text);
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void text(String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("text", text);
    json.writeEndObject();
    mayPoint = true;
  }

  private void image(String format, String base64) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("image");
    json.writeStringField("format", format);
    json.writeObjectFieldStart("source");
    json.writeStringField("bytes", base64);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    mayPoint = true;
  }

  /** Goes on with the open turn of this role, or begins one. */
  private void turn(String role) throws IOException {
    if (openRole.equals(role)) {
      return;
    }
    close();
    openRole = role;
    mayPoint = false;
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeArrayFieldStart("content");
  }

  private void close() throws IOException {
    if (!openRole.isEmpty()) {
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
