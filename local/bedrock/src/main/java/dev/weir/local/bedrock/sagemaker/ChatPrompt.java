package dev.weir.local.bedrock.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.Json;
import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.PromptReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the body of a chat completion, as containers that speak OpenAI's API take it, into the
 * words of Converse, which the local models know.
 *
 * @param stream whether it asks for server-sent events
 * @param includeUsage whether a last chunk shall say what was counted
 */
record ChatPrompt(Prompt prompt, boolean stream, boolean includeUsage) {

  /**
   * Reads a body.
   *
   * @throws ErrorReply the container's own refusal
   */
  static ChatPrompt of(byte[] body) throws ErrorReply {
    try {
      JsonNode chat = Json.read(body);
      return new ChatPrompt(
          PromptReader.CONVERSE.read(converse(chat)),
          chat.path("stream").asBoolean(),
          chat.path("stream_options").path("include_usage").asBoolean());
    } catch (IOException | ErrorReply wrong) {
      throw ErrorReply.ofContainer(400, String.valueOf(wrong.getMessage()));
    }
  }

  /** Whether a body asks for server-sent events. */
  static boolean streams(byte[] body) {
    try {
      return Json.read(body).path("stream").asBoolean();
    } catch (IOException noJson) {
      return false;
    }
  }

  private static ObjectNode converse(JsonNode chat) throws IOException {
    ObjectNode converse = Json.object();
    ArrayNode turns = converse.putArray("messages");
    for (JsonNode message : chat.path("messages")) {
      if (message.path("role").asText().equals("system")) {
        converse.withArray("system").addObject().set("text", message.path("content"));
      } else {
        blocks(message, turn(turns, message));
      }
    }
    ObjectNode inference = converse.putObject("inferenceConfig");
    copy(chat, "max_tokens", inference, "maxTokens");
    copy(chat, "stop", inference, "stopSequences");
    if (chat.has("temperature")) {
      inference.put("temperature", Math.min(1, chat.path("temperature").asDouble()));
    }
    copy(chat, "top_p", inference, "topP");
    tools(chat, converse);
    return converse;
  }

  /** The turn a message belongs to: Converse's turns alternate, and take tool results together. */
  private static ArrayNode turn(ArrayNode turns, JsonNode message) {
    String role = message.path("role").asText().equals("assistant") ? "assistant" : "user";
    JsonNode last = turns.path(turns.size() - 1);
    return last.path("role").asText().equals(role)
        ? (ArrayNode) last.path("content")
        : turns.addObject().put("role", role).putArray("content");
  }

  private static void blocks(JsonNode message, ArrayNode blocks) throws IOException {
    JsonNode content = message.path("content");
    if (message.path("role").asText().equals("tool")) {
      ObjectNode result =
          blocks
              .addObject()
              .putObject("toolResult")
              .put("toolUseId", message.path("tool_call_id").asText());
      result.putArray("content").addObject().set("text", content);
      return;
    }
    if (content.isTextual() && !content.textValue().isEmpty()) {
      blocks.addObject().set("text", content);
    }
    for (JsonNode part : content) {
      if (part.has("text")) {
        blocks.addObject().set("text", part.path("text"));
      } else {
        String url = part.path("image_url").path("url").asText();
        ObjectNode image = blocks.addObject().putObject("image");
        image.put("format", url.substring(url.indexOf('/') + 1, url.indexOf(';')));
        image.putObject("source").put("bytes", url.substring(url.indexOf(',') + 1));
      }
    }
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode function = call.path("function");
      ObjectNode use = blocks.addObject().putObject("toolUse");
      use.put("toolUseId", call.path("id").asText()).put("name", function.path("name").asText());
      use.set("input", Json.read(function.path("arguments").asText()));
    }
  }

  private static void tools(JsonNode chat, ObjectNode converse) {
    JsonNode choice = chat.path("tool_choice");
    if (chat.path("tools").isEmpty() || choice.asText().equals("none")) {
      return;
    }
    ObjectNode config = converse.putObject("toolConfig");
    for (JsonNode tool : chat.path("tools")) {
      JsonNode function = tool.path("function");
      ObjectNode spec = config.withArray("tools").addObject().putObject("toolSpec");
      copy(function, "name", spec, "name");
      copy(function, "description", spec, "description");
      spec.putObject("inputSchema").set("json", function.path("parameters"));
    }
    Optional<String> named =
        Optional.of(choice.path("function").path("name").asText()).filter(name -> !name.isEmpty());
    if (named.isPresent()) {
      config.putObject("toolChoice").putObject("tool").put("name", named.get());
    } else {
      config.putObject("toolChoice").putObject(choice.asText().equals("required") ? "any" : "auto");
    }
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String newName) {
    if (from.hasNonNull(name)) {
      to.set(newName, from.path(name));
    }
  }
}
