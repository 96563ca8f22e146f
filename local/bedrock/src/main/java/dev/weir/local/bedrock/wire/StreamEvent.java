package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * One event of a Converse answer, as ConverseStream names it. Every answer is made of these;
 * buffered ones are folded from them.
 *
 * @param type such as {@code contentBlockDelta}, or an exception's, such as {@code
 *     modelStreamErrorException}
 * @param payload the event's members
 */
public record StreamEvent(String type, JsonNode payload) {

  /** The members of the API's {@code ConverseStreamOutput} union. */
  public static final Set<String> TYPES =
      Set.of(
          "messageStart",
          "contentBlockStart",
          "contentBlockDelta",
          "contentBlockStop",
          "messageStop",
          "metadata",
          "internalServerException",
          "modelStreamErrorException",
          "validationException",
          "throttlingException",
          "serviceUnavailableException");

  /** The assistant's turn begins. */
  public static StreamEvent started() {
    return new StreamEvent("messageStart", Json.object().put("role", "assistant"));
  }

  /** A piece of text. */
  public static StreamEvent text(int block, String text) {
    ObjectNode payload = Json.object().put("contentBlockIndex", block);
    payload.putObject("delta").put("text", text);
    return new StreamEvent("contentBlockDelta", payload);
  }

  /** A tool call begins. */
  public static StreamEvent toolStarted(int block, String id, String name) {
    ObjectNode payload = Json.object().put("contentBlockIndex", block);
    payload.putObject("start").putObject("toolUse").put("toolUseId", id).put("name", name);
    return new StreamEvent("contentBlockStart", payload);
  }

  /** A piece of a tool call's arguments. */
  public static StreamEvent toolInput(int block, String json) {
    ObjectNode payload = Json.object().put("contentBlockIndex", block);
    payload.putObject("delta").putObject("toolUse").put("input", json);
    return new StreamEvent("contentBlockDelta", payload);
  }

  /** A block is complete. */
  public static StreamEvent blockStopped(int block) {
    return new StreamEvent("contentBlockStop", Json.object().put("contentBlockIndex", block));
  }

  /** The answer is complete. */
  public static StreamEvent stopped(String reason) {
    return new StreamEvent("messageStop", Json.object().put("stopReason", reason));
  }

  /** What was counted. */
  public static StreamEvent metadata(int inputTokens, int outputTokens, long latencyMillis) {
    ObjectNode payload = Json.object();
    payload
        .putObject("usage")
        .put("inputTokens", inputTokens)
        .put("outputTokens", outputTokens)
        .put("totalTokens", inputTokens + outputTokens);
    payload.putObject("metrics").put("latencyMs", latencyMillis);
    return new StreamEvent("metadata", payload);
  }

  /** An error in the middle of a stream. */
  public static StreamEvent exception(String errorType, String message) {
    String type = Character.toLowerCase(errorType.charAt(0)) + errorType.substring(1);
    return new StreamEvent(type, Json.object().put("message", message));
  }

  /** Whether this event ends the answer with an error. */
  public boolean isException() {
    return type.endsWith("Exception");
  }

  /** The error a buffered answer gives for this exception event. */
  public ErrorReply asError() {
    String errorType = Character.toUpperCase(type.charAt(0)) + type.substring(1);
    return ErrorReply.of(errorType, payload.path("message").asText(""));
  }
}
