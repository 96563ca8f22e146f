package dev.weir.inference.sagemaker;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolChoice;
import dev.weir.model.ModelCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes the body of a streamed chat completion (OpenAI API reference). It names no model: an
 * endpoint or component has one. Nothing a client sent passes but what its request was read to
 * mean, always in the same order, so that a container's prefix cache finds what it knows.
 */
final class ChatBody {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChatBody() {}

  static byte[] bytes(ModelCall call) {
    ChatRequest request = call.request();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!request.tools().isEmpty()) {
        tools(json, request);
      }
      json.writeArrayFieldStart("messages");
      new ChatMessages(json).write(request.messages());
      json.writeEndArray();
      json.writeNumberField("max_tokens", call.maxTokens());
      sampling(json, request);
      if (request.responseFormat().isPresent()) {
        json.writeFieldName("response_format");
        format(json, request.responseFormat().get());
      }
      json.writeBooleanField("stream", true);
      json.writeObjectFieldStart("stream_options");
      json.writeBooleanField("include_usage", true);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void sampling(JsonGenerator json, ChatRequest request) throws IOException {
    if (request.temperature().isPresent()) {
      json.writeNumberField("temperature", request.temperature().getAsDouble());
    }
    if (request.topP().isPresent()) {
      json.writeNumberField("top_p", request.topP().getAsDouble());
    }
    if (!request.stop().isEmpty()) {
      json.writeArrayFieldStart("stop");
      for (String stop : request.stop()) {
        json.writeString(stop);
      }
      json.writeEndArray();
    }
  }

  private static void tools(JsonGenerator json, ChatRequest request) throws IOException {
    json.writeArrayFieldStart("tools");
    for (Tool tool : request.tools()) {
      json.writeStartObject();
      json.writeStringField("type", "function");
      json.writeObjectFieldStart("function");
      json.writeStringField("name", tool.name());
      if (!tool.description().isBlank()) {
        json.writeStringField("description", tool.description());
      }
      json.writeFieldName("parameters");
      json.writeTree(tool.parameters());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    if (request.toolChoice().isPresent()) {
      json.writeFieldName("tool_choice");
      choice(json, request.toolChoice().get());
    }
    if (request.parallelToolCalls().isPresent()) {
      json.writeBooleanField("parallel_tool_calls", request.parallelToolCalls().get());
    }
  }

  private static void choice(JsonGenerator json, ToolChoice choice) throws IOException {
    switch (choice) {
      case ToolChoice.None() -> json.writeString("none");
      case ToolChoice.Auto() -> json.writeString("auto");
      case ToolChoice.Required() -> json.writeString("required");
      case ToolChoice.Named(String name) -> {
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", name);
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }

  private static void format(JsonGenerator json, ResponseFormat format) throws IOException {
    json.writeStartObject();
    switch (format) {
      case ResponseFormat.JsonObject() -> json.writeStringField("type", "json_object");
      case ResponseFormat.JsonSchema(String name, var schema) -> {
        json.writeStringField("type", "json_schema");
        json.writeObjectFieldStart("json_schema");
        json.writeStringField("name", name);
        json.writeFieldName("schema");
        json.writeTree(schema);
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }
}
