package dev.weir.inference.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.ChatMessage;
import dev.weir.api.ChatRequest.SystemMessage;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolChoice;
import dev.weir.model.ModelCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the body of Converse and ConverseStream (Amazon Bedrock Runtime API reference). The order
 * of fields is fixed and every turn is written the same way each time, so that the provider's
 * prompt cache finds the prefix it knows.
 */
final class ConverseBody {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ConverseBody() {}

  static byte[] bytes(ModelCall call, ConversePlan plan) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!plan.tools().isEmpty()) {
        tools(json, plan);
      }
      system(json, call.request(), plan);
      json.writeArrayFieldStart("messages");
      new ConverseTurns(json).write(call.request().conversation());
      json.writeEndArray();
      inference(json, call);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void system(JsonGenerator json, ChatRequest request, ConversePlan plan)
      throws IOException {
    List<ChatMessage> blocks = new ArrayList<>(request.instructions());
    plan.instruction().map(SystemMessage::new).ifPresent(blocks::add);
    blocks.removeIf(block -> block instanceof SystemMessage(String text) && text.isBlank());
    if (blocks.stream().noneMatch(SystemMessage.class::isInstance)) {
      return;
    }
    json.writeArrayFieldStart("system");
    boolean mayPoint = false;
    for (ChatMessage block : blocks) {
      if (block instanceof SystemMessage(String text)) {
        json.writeStartObject();
        json.writeStringField("text", text);
        json.writeEndObject();
        mayPoint = true;
      } else if (block instanceof CachePoint point && mayPoint) {
        cachePoint(json, point);
        mayPoint = false;
      }
    }
    json.writeEndArray();
  }

  /** Without a lifetime it is five minutes, for models that know no other. */
  static void cachePoint(JsonGenerator json, CachePoint point) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("cachePoint");
    json.writeStringField("type", "default");
    if (point.ttl() == CachePoint.Ttl.ONE_HOUR) {
      json.writeStringField("ttl", point.ttl().text());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void inference(JsonGenerator json, ModelCall call) throws IOException {
    ChatRequest request = call.request();
    json.writeObjectFieldStart("inferenceConfig");
    json.writeNumberField("maxTokens", call.maxTokens());
    if (request.temperature().isPresent()) {
      // Bedrock's scale ends at 1, OpenAI's at 2.
      json.writeNumberField("temperature", Math.min(1, request.temperature().getAsDouble()));
    }
    // 1 is no restriction at all, and some models refuse topP next to temperature.
    if (request.topP().isPresent() && request.topP().getAsDouble() < 1) {
      json.writeNumberField("topP", request.topP().getAsDouble());
    }
    if (!request.stop().isEmpty()) {
      json.writeArrayFieldStart("stopSequences");
      for (String stop : request.stop()) {
        json.writeString(stop);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void tools(JsonGenerator json, ConversePlan plan) throws IOException {
    json.writeObjectFieldStart("toolConfig");
    json.writeArrayFieldStart("tools");
    for (Tool tool : plan.tools()) {
      tool(json, tool);
      if (tool.cachePoint().isPresent()) {
        cachePoint(json, tool.cachePoint().get());
      }
    }
    json.writeEndArray();
    if (plan.choice().isPresent()) {
      json.writeFieldName("toolChoice");
      choice(json, plan.choice().get());
    }
    json.writeEndObject();
  }

  private static void tool(JsonGenerator json, Tool tool) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("toolSpec");
    json.writeStringField("name", tool.name());
    if (!tool.description().isBlank()) {
      json.writeStringField("description", tool.description());
    }
    json.writeObjectFieldStart("inputSchema");
    json.writeFieldName("json");
    json.writeTree(tool.parameters());
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void choice(JsonGenerator json, ToolChoice choice) throws IOException {
    json.writeStartObject();
    switch (choice) {
      case ToolChoice.Auto(), ToolChoice.None() -> json.writeObjectFieldStart("auto");
      case ToolChoice.Required() -> json.writeObjectFieldStart("any");
      case ToolChoice.Named(String name) -> {
        json.writeObjectFieldStart("tool");
        json.writeStringField("name", name);
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
