package dev.weir.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns items of the Responses API into chat messages: what a model said in one breath, text and
 * function calls, becomes one message. Checks all that is about items; texts and images are left to
 * {@link MessageReader}.
 */
final class InputItems {
  private static final Set<String> MESSAGE = Set.of("type", "id", "role", "content", "status");
  private static final Set<String> CALL =
      Set.of("type", "id", "call_id", "name", "arguments", "parsed_arguments", "status");
  private static final Set<String> OUTPUT = Set.of("type", "id", "call_id", "output", "status");
  private static final Set<String> REASONING =
      Set.of("type", "id", "summary", "content", "encrypted_content", "status");
  private static final Set<String> INPUT_TEXT = Set.of("type", "text");
  private static final Set<String> OUTPUT_TEXT =
      Set.of("type", "text", "annotations", "logprobs", "parsed");
  private static final Set<String> REFUSAL = Set.of("type", "refusal");
  private static final Set<String> IMAGE = Set.of("type", "image_url", "detail", "file_id");

  private final StrictJson json;
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final List<String> origins = new ArrayList<>();
  private final Set<String> open = new LinkedHashSet<>();
  private Optional<ObjectNode> speaking = Optional.empty();
  private final StringBuilder reasoning = new StringBuilder();

  InputItems(StrictJson json) {
    this.json = json;
  }

  /** The messages so far. */
  ArrayNode messages() {
    return messages;
  }

  /** For each message the path of the item that began it. */
  List<String> origins() {
    return origins;
  }

  /** Puts a system message in its place. */
  void system(String text, String origin) {
    put("system", origin).put("content", text);
  }

  /** Ends what one party said: nothing is added to a message from before. */
  void pause() {
    speaking = Optional.empty();
    reasoning.setLength(0);
  }

  /** Refuses function calls without an output. */
  void end(Fields body) {
    if (!open.isEmpty()) {
      throw body.outOfRange(
          "input", "a function_call_output for every function_call: one has none");
    }
  }

  void add(Fields item) {
    switch (item.string("type").orElse("message")) {
      case "message" -> message(item.only(MESSAGE));
      case "function_call" -> call(item.only(CALL));
      case "function_call_output" -> output(item.only(OUTPUT));
      case "reasoning" -> reasoning(item.only(REASONING));
      default ->
          throw item.unsupported(
              "type",
              "Only 'message', 'function_call', 'function_call_output' and 'reasoning' items are"
                  + " supported.");
    }
  }

  private void message(Fields item) {
    String role = item.requiredString("role");
    JsonNode content = item.value("content").orElseThrow(() -> item.missing("content"));
    switch (role) {
      case "user" -> {
        listen(item);
        ObjectNode message = put(role, item.path());
        if (content.isTextual()) {
          message.set("content", content);
        } else {
          ArrayNode parts = message.putArray("content");
          parts(item, content).forEach(part -> parts.add(userPart(part)));
        }
      }
      case "system", "developer" -> {
        listen(item);
        put(role, item.path()).put("content", text(item, "content", false));
      }
      case "assistant" -> said(item, text(item, "content", true));
      default -> throw item.outOfRange("role", "'user', 'assistant', 'system' or 'developer'");
    }
  }

  private void listen(Fields item) {
    if (!open.isEmpty()) {
      throw item.outOfRange("type", "a function_call_output for each function_call before it");
    }
    pause();
  }

  private void said(Fields item, String text) {
    if (speaking.filter(message -> message.has("tool_calls")).isPresent()) {
      ObjectNode message = speaking.get();
      String before = message.path("content").asText("");
      message.put("content", before.isEmpty() ? text : before + "\n" + text);
      return;
    }
    speak(item).put("content", text);
  }

  private void call(Fields item) {
    String id = item.requiredString("call_id");
    if (!ToolReader.isToken(id, ".:")) {
      throw item.outOfRange("call_id", "1 to 64 letters, digits, '_', '-', '.' or ':'");
    }
    if (!open.add(id)) {
      throw item.outOfRange("call_id", "an id no other open call has");
    }
    String arguments = item.requiredString("arguments");
    if (!arguments.isBlank() && json.parse(arguments).filter(JsonNode::isObject).isEmpty()) {
      throw item.outOfRange("arguments", "the text of a JSON object");
    }
    ObjectNode message = speaking.orElseGet(() -> speak(item).putNull("content"));
    ObjectNode call = message.withArray("tool_calls").addObject();
    call.put("id", id).put("type", "function");
    call.putObject("function").put("name", ToolReader.name(item)).put("arguments", arguments);
  }

  private ObjectNode speak(Fields item) {
    ObjectNode message = put("assistant", item.path());
    if (!reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
      reasoning.setLength(0);
    }
    speaking = Optional.of(message);
    return message;
  }

  private void output(Fields item) {
    String id = item.requiredString("call_id");
    if (!open.remove(id)) {
      throw item.outOfRange("call_id", "the call_id of a function_call before it");
    }
    pause();
    if (item.value("output").isEmpty()) {
      throw item.missing("output");
    }
    put("tool", item.path()).put("tool_call_id", id).put("content", text(item, "output", false));
  }

  /** A model's thoughts go along with what it said next, where they have no effect. */
  private void reasoning(Fields item) {
    for (String part : List.of("content", "summary")) {
      for (Fields text : item.objects(part)) {
        reasoning.append(text.requiredString("text"));
      }
    }
    if (reasoning.isEmpty()) {
      reasoning.append("(hidden)");
    }
  }

  private static String text(Fields item, String name, boolean isAnswer) {
    JsonNode content = item.value(name).orElseThrow(() -> item.missing(name));
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray()) {
      throw item.wrongType(name, "a string or an array of parts", content);
    }
    List<String> texts = new ArrayList<>();
    for (Fields part : item.objects(name)) {
      String type = part.requiredString("type");
      switch (type) {
        case "input_text" -> texts.add(part.only(INPUT_TEXT).requiredString("text"));
        case "output_text" -> texts.add(part.only(OUTPUT_TEXT).requiredString("text"));
        case "refusal" -> {
          if (!isAnswer) {
            throw part.unsupported("type", "Only an assistant refuses.");
          }
          texts.add(part.only(REFUSAL).requiredString("refusal"));
        }
        default -> throw part.unsupported("type", "Only text is supported here.");
      }
    }
    return String.join("\n", texts);
  }

  private static List<Fields> parts(Fields item, JsonNode content) {
    if (!content.isArray()) {
      throw item.wrongType("content", "a string or an array of parts", content);
    }
    List<Fields> parts = item.objects("content");
    if (parts.isEmpty()) {
      throw item.outOfRange("content", "at least one part");
    }
    return parts;
  }

  private static ObjectNode userPart(Fields part) {
    ObjectNode chat = JsonNodeFactory.instance.objectNode();
    switch (part.requiredString("type")) {
      case "input_text" ->
          chat.put("type", "text").put("text", part.only(INPUT_TEXT).requiredString("text"));
      case "input_image" -> {
        part.only(IMAGE);
        if (part.value("file_id").isPresent()) {
          throw part.unsupported("file_id", "Send the image as a data: URI in 'image_url'.");
        }
        ObjectNode image = chat.put("type", "image_url").putObject("image_url");
        image.put("url", part.requiredString("image_url"));
        part.string("detail").ifPresent(detail -> image.put("detail", detail));
      }
      default ->
          throw part.unsupported("type", "Only 'input_text' and 'input_image' are supported.");
    }
    return chat;
  }

  private ObjectNode put(String role, String origin) {
    origins.add(origin);
    return messages.addObject().put("role", role);
  }
}
