package dev.weir.local.bedrock.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Prompt.Turn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the turns of a conversation and the order rules between them. */
final class TurnReader {
  private static final Set<String> BLOCKS =
      Set.of(
          "text",
          "image",
          "document",
          "video",
          "audio",
          "toolUse",
          "toolResult",
          "guardContent",
          "cachePoint",
          "reasoningContent",
          "citationsContent",
          "searchResult");
  private static final Map<String, List<String>> FORMATS =
      Map.of(
          "image", List.of("png", "jpeg", "gif", "webp"),
          "document", List.of("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"),
          "video", List.of("mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"),
          "audio", List.of("mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv"));

  private final boolean toolsConfigured;

  /** Ids of the tool calls of the turn before, which the current turn must answer. */
  private Set<String> asked = Set.of();

  private Set<String> asking = new LinkedHashSet<>();
  private Set<String> answered = new LinkedHashSet<>();

  TurnReader(boolean toolsConfigured) {
    this.toolsConfigured = toolsConfigured;
  }

  List<Turn> read(JsonNode body) throws ErrorReply {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode message : Members.array(body, "", "messages")) {
      turns.add(turn(message, "messages." + turns.size(), turns.size()));
    }
    if (turns.isEmpty()) {
      throw Members.constraint("[]", "messages", "have length greater than or equal to 1");
    }
    return List.copyOf(turns);
  }

  private Turn turn(JsonNode message, String path, int index) throws ErrorReply {
    Members.object(message, path, Set.of("role", "content"));
    String role = Members.oneOf(message, path, "role", List.of("user", "assistant"));
    requireOrder(role, index);
    JsonNode content = Members.array(message, path, "content");
    if (content.isEmpty()) {
      throw ErrorReply.validation(
          "The content field in the Message object at %s is empty. Add a ContentBlock object to the content field and try again."
              .formatted(path));
    }
    asking = new LinkedHashSet<>();
    answered = new LinkedHashSet<>();
    Turn turn = turn(role, content, path + ".content");
    requireAnswers(path);
    asked = asking;
    return turn;
  }

  private static void requireOrder(String role, int index) throws ErrorReply {
    if (index == 0 && !role.equals("user")) {
      throw ErrorReply.validation(
          "A conversation must start with a user message. Try again with a conversation that starts with a user message.");
    }
    if (role.equals("user") != (index % 2 == 0)) {
      throw ErrorReply.validation(
          "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.");
    }
  }

  private void requireAnswers(String path) throws ErrorReply {
    if (!answered.equals(asked)) {
      throw ErrorReply.validation(
          asked.containsAll(answered)
              ? "Expected toolResult blocks at %s.content for the following Ids: %s"
                  .formatted(path, String.join(", ", asked))
              : "The toolResult blocks at %s.content do not match the toolUse blocks of the previous turn."
                  .formatted(path));
    }
  }

  private Turn turn(String role, JsonNode content, String path) throws ErrorReply {
    List<String> texts = new ArrayList<>();
    int attachments = 0;
    int index = 0;
    for (JsonNode block : content) {
      String at = path + "." + index++;
      String kind = Members.union(block, at, BLOCKS);
      texts.add(text(role, kind, block, at));
      attachments += FORMATS.containsKey(kind) ? 1 : 0;
    }
    texts.removeIf(String::isEmpty);
    return new Turn(role, String.join("\n", texts), attachments, !answered.isEmpty());
  }

  private String text(String role, String kind, JsonNode block, String path) throws ErrorReply {
    JsonNode value = block.path(kind);
    String at = path + "." + kind;
    return switch (kind) {
      case "text" -> filled(block, path, "text");
      case "image", "document", "video", "audio" -> attachment(role, kind, value, at);
      case "toolUse" -> toolUse(role, value, at);
      case "toolResult" -> toolResult(role, value, at);
      case "guardContent" -> value.path("text").path("text").asText("");
      case "reasoningContent" -> value.path("reasoningText").path("text").asText("");
      default -> "";
    };
  }

  static String filled(JsonNode block, String path, String name) throws ErrorReply {
    String text = Members.text(block, path, name);
    if (text.isBlank()) {
      throw ErrorReply.validation(
          "The text field in the ContentBlock object at %s is blank. Add text to the text field, and try again."
              .formatted(path));
    }
    return text;
  }

  private static String attachment(String role, String kind, JsonNode value, String path)
      throws ErrorReply {
    requireRole(role, "user", path);
    Members.oneOf(value, path, "format", FORMATS.getOrDefault(kind, List.of()));
    String source = path + ".source";
    String from =
        Members.union(
            value.path("source"), source, Set.of("bytes", "s3Location", "text", "content"));
    if (from.equals("bytes")) {
      Members.base64(value.path("source"), source, "bytes");
    }
    return "";
  }

  private String toolUse(String role, JsonNode use, String path) throws ErrorReply {
    requireToolConfig();
    requireRole(role, "assistant", path);
    Members.object(use, path, Set.of("toolUseId", "name", "input", "type"));
    String id = Members.matching(use, path, "toolUseId", ToolReader.NAME);
    String name = Members.matching(use, path, "name", ToolReader.NAME);
    if (!use.path("input").isObject()) {
      throw ErrorReply.validation(
          "The format of the value at %s.input is invalid. Provide a json object for the field and try again."
              .formatted(path));
    }
    if (!asking.add(id)) {
      throw ErrorReply.validation("The toolUse block at " + path + " has a duplicate Id: " + id);
    }
    return name + " " + use.path("input");
  }

  private String toolResult(String role, JsonNode result, String path) throws ErrorReply {
    requireToolConfig();
    requireRole(role, "user", path);
    Members.object(result, path, Set.of("toolUseId", "content", "status", "type"));
    String id = Members.matching(result, path, "toolUseId", ToolReader.NAME);
    if (!answered.add(id)) {
      throw ErrorReply.validation("The toolResult block at " + path + " has a duplicate Id: " + id);
    }
    if (result.has("status")) {
      Members.oneOf(result, path, "status", List.of("success", "error"));
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : Members.array(result, path, "content")) {
      text.append(part.path("text").asText(""))
          .append(part.path("json").isMissingNode() ? "" : part.path("json"));
    }
    return text.toString();
  }

  private void requireToolConfig() throws ErrorReply {
    if (!toolsConfigured) {
      throw ErrorReply.validation(
          "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }
  }

  private static void requireRole(String role, String required, String path) throws ErrorReply {
    if (!role.equals(required)) {
      throw ErrorReply.validation(
          "The block at %s is only allowed in a turn of the %s.".formatted(path, required));
    }
  }
}
