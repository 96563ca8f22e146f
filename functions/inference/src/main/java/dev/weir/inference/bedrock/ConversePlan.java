package dev.weir.inference.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.AssistantMessage;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.api.ChatRequest.Tool;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.ChatRequest.ToolChoice;
import dev.weir.inference.upstream.Answer.Calls;
import dev.weir.model.ModelCall;
import java.util.List;
import java.util.Optional;

/**
 * How a request's tools and response format are put to Converse, which has no choice "none", no "at
 * most one call" and no JSON mode that every model knows.
 *
 * @param tools the tools to offer; Converse demands some when the conversation holds tool blocks
 * @param choice absent for the model's own choice
 * @param instruction a last system block, for what tools cannot express
 * @param calls what becomes of the calls the model makes
 */
record ConversePlan(
    List<Tool> tools, Optional<ToolChoice> choice, Optional<String> instruction, Calls calls) {

  private static final String ANSWER_TOOL = "json_answer";

  static ConversePlan of(ModelCall call) {
    ChatRequest request = call.request();
    List<ToolCall> past =
        request.messages().stream()
            .filter(AssistantMessage.class::isInstance)
            .flatMap(message -> ((AssistantMessage) message).toolCalls().stream())
            .toList();
    boolean mayCall =
        !request.tools().isEmpty()
            && !(request.toolChoice().orElse(new ToolChoice.Auto()) instanceof ToolChoice.None);
    if (mayCall) {
      return new ConversePlan(
          request.tools(),
          request.toolChoice(),
          request.responseFormat().map(ConversePlan::instruction),
          request.parallelToolCalls().orElse(true) ? Calls.ALL : Calls.FIRST);
    }
    if (!past.isEmpty()) {
      return new ConversePlan(
          request.tools().isEmpty() ? named(past) : request.tools(),
          Optional.empty(),
          request.responseFormat().map(ConversePlan::instruction),
          Calls.NONE);
    }
    return request
        .responseFormat()
        .map(format -> formatted(format, call.canCallTools()))
        .orElse(new ConversePlan(List.of(), Optional.empty(), Optional.empty(), Calls.ALL));
  }

  /** A forced tool call holds a model to JSON more firmly than words do. */
  private static ConversePlan formatted(ResponseFormat format, boolean canCallTools) {
    JsonNode schema =
        switch (format) {
          case ResponseFormat.JsonObject() -> anyObject();
          case ResponseFormat.JsonSchema(_, JsonNode asked) -> asked;
        };
    // Converse takes only schemas of objects.
    if (!canCallTools || !schema.path("type").asText().equals("object")) {
      return new ConversePlan(
          List.of(), Optional.empty(), Optional.of(instruction(format)), Calls.ALL);
    }
    Tool answer = new Tool(ANSWER_TOOL, "Gives the whole answer, as JSON.", schema);
    return new ConversePlan(
        List.of(answer),
        Optional.of(new ToolChoice.Named(ANSWER_TOOL)),
        Optional.empty(),
        Calls.AS_TEXT);
  }

  private static String instruction(ResponseFormat format) {
    String rule = "Answer with one JSON document and nothing else: no prose, no code fence.";
    return switch (format) {
      case ResponseFormat.JsonObject() -> rule + " It must be an object.";
      case ResponseFormat.JsonSchema(_, JsonNode schema) ->
          rule + " It must conform to this JSON Schema:\n" + schema;
    };
  }

  private static List<Tool> named(List<ToolCall> calls) {
    return calls.stream()
        .map(ToolCall::name)
        .distinct()
        .map(name -> new Tool(name, "", anyObject()))
        .toList();
  }

  private static JsonNode anyObject() {
    return JsonNodeFactory.instance.objectNode().put("type", "object");
  }
}
