package dev.weir.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequest.ResponseFormat;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.StopReason;

/**
 * Whether an answer is the JSON that was asked for: one document, an object where one was asked
 * for, with the schema's required keys at its top level. No full schema validation.
 */
final class JsonAnswer {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonAnswer() {}

  /**
   * Turns a whole answer that is not into a fault, as long as nothing of it has left. Truncated and
   * withheld answers, and tool calls, are what they are.
   */
  static Ending judge(Ending ending, ChatRequest request, Answer answer) {
    if (request.responseFormat().isEmpty()
        || answer.hasLeft()
        || !(ending instanceof Ending.Complete)
        || !answer.fold().stopReason().map(StopReason::isClean).orElse(false)) {
      return ending;
    }
    ChatCompletion completion = answer.fold().completion();
    return !completion.toolCalls().isEmpty()
            || isValid(request.responseFormat().get(), completion.text())
        ? ending
        : new Ending.Failed(Fault.of(Fault.Kind.INVALID_OUTPUT, "InvalidJson"));
  }

  private static boolean isValid(ResponseFormat format, String text) {
    JsonNode document;
    try {
      document = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return false;
    }
    return switch (format) {
      case ResponseFormat.JsonObject() -> document.isObject();
      case ResponseFormat.JsonSchema(_, JsonNode schema) ->
          !document.isMissingNode()
              && (!schema.path("type").asText().equals("object") || document.isObject())
              && schema
                  .path("required")
                  .valueStream()
                  .allMatch(key -> !document.isObject() || document.has(key.asText()));
    };
  }
}
