package dev.weir.inference.sagemaker;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.api.ChatCompletionWriter;
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
import java.util.stream.Collectors;

/**
 * Writes a conversation as OpenAI's messages. All system messages become one, the first: many chat
 * templates refuse more, or one further on.
 */
final class ChatMessages {
  private final JsonGenerator json;

  ChatMessages(JsonGenerator json) {
    this.json = json;
  }

  void write(List<ChatMessage> messages) throws IOException {
    String system =
        messages.stream()
            .filter(SystemMessage.class::isInstance)
            .map(message -> ((SystemMessage) message).text())
            .filter(text -> !text.isBlank())
            .collect(Collectors.joining("\n\n"));
    if (!system.isEmpty()) {
      begin("system");
      json.writeStringField("content", system);
      json.writeEndObject();
    }
    for (ChatMessage message : messages) {
      switch (message) {
        // Points are Bedrock's, and no target of this kind declares that it takes them.
        case SystemMessage _, CachePoint _ -> {}
        case UserMessage(List<Part> parts) -> user(parts);
        case AssistantMessage(String text, List<ToolCall> calls) -> assistant(text, calls);
        case ToolMessage(String id, String text) -> {
          begin("tool");
          json.writeStringField("tool_call_id", id);
          json.writeStringField("content", text);
          json.writeEndObject();
        }
      }
    }
  }

  private void begin(String role) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
  }

  /** Text alone is written as a string, which templates of text models demand. */
  private void user(List<Part> parts) throws IOException {
    begin("user");
    if (parts.stream().noneMatch(ImagePart.class::isInstance)) {
      json.writeStringField(
          "content",
          parts.stream()
              .filter(TextPart.class::isInstance)
              .map(part -> ((TextPart) part).text())
              .collect(Collectors.joining("\n")));
    } else {
      json.writeArrayFieldStart("content");
      for (Part part : parts) {
        part(part);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void part(Part part) throws IOException {
    switch (part) {
      case TextPart(String text) -> {
        json.writeStartObject();
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
        json.writeEndObject();
      }
      case ImagePart(String format, String base64) -> {
        json.writeStartObject();
        json.writeStringField("type", "image_url");
        json.writeObjectFieldStart("image_url");
        json.writeStringField("url", "data:image/" + format + ";base64," + base64);
        json.writeEndObject();
        json.writeEndObject();
      }
      case CachePoint _ -> {}
    }
  }

  private void assistant(String text, List<ToolCall> calls) throws IOException {
    begin("assistant");
    if (text.isEmpty() && !calls.isEmpty()) {
      json.writeNullField("content");
    } else {
      json.writeStringField("content", text);
    }
    if (!calls.isEmpty()) {
      ChatCompletionWriter.toolCalls(json, calls);
    }
    json.writeEndObject();
  }
}
