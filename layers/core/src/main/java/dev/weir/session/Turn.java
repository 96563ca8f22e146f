package dev.weir.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What was put in and what came out, once: remembered and forgotten as a whole.
 *
 * @param id what its items' ids have in common
 */
public record Turn(String id, List<Item> items) {

  /** Chat templates wrap each message in control tokens. */
  private static final long PER_ITEM = 8;

  private static final String SUMMARY = "summary";

  /** Above what models bill for one image. */
  private static final long PER_IMAGE = 4_800;

  /** The members of items that a model reads. */
  private static final Set<String> TEXTS = Set.of("text", "content", "output", "name", "arguments");

  /**
   * One item of the Responses API.
   *
   * @param tokens upper bound of what it adds to a prompt
   */
  public record Item(JsonNode json, long tokens) {

    boolean isSystem() {
      String role = json.path("role").asText();
      return role.equals("system") || role.equals("developer");
    }

    boolean isUser() {
      return json.path("role").asText().equals("user");
    }

    boolean isOutput() {
      return json.path("type").asText().equals("function_call_output");
    }
  }

  /**
   * A turn of these items, but for a model's reasoning, which no model is shown again.
   *
   * @param tokens bounds the tokens of a text
   */
  public static Turn of(String id, Iterable<JsonNode> items, ToLongFunction<String> tokens) {
    List<Item> counted = new ArrayList<>();
    for (JsonNode item : items) {
      if (!item.path("type").asText().equals("reasoning")) {
        counted.add(new Item(item, PER_ITEM + tokens(item, tokens)));
      }
    }
    return new Turn(id, counted);
  }

  /**
   * A turn that tells what others said, in the user's place: what users and tools have said gets no
   * more weight by being told again.
   *
   * @param id of its only item, without its prefix
   */
  public static Turn summary(String id, String text, ToLongFunction<String> tokens) {
    ObjectNode item =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", "msg_" + id)
            .put("type", "message")
            .put("status", "completed")
            .put("role", "user");
    item.putArray("content")
        .addObject()
        .put("type", "input_text")
        .put("text", "Summary of the conversation before this, written by a model:\n" + text);
    return of(SUMMARY, List.of(item), tokens);
  }

  /** Whether it tells what other turns said. */
  boolean isSummary() {
    return id.equals(SUMMARY);
  }

  /** Upper bound of what it adds to a prompt. */
  public long tokens() {
    return items.stream().mapToLong(Item::tokens).sum();
  }

  /** Its items as the API shows them. */
  public List<JsonNode> json() {
    return items.stream().map(Item::json).toList();
  }

  /** Whether it begins with the output of a function that the turn before it called. */
  boolean isContinuation() {
    return !items.isEmpty() && items.getFirst().isOutput();
  }

  ObjectNode stored() {
    ObjectNode stored = JsonNodeFactory.instance.objectNode().put("id", id);
    var list = stored.putArray("items");
    items.forEach(item -> list.addObject().put("tokens", item.tokens()).set("item", item.json()));
    return stored;
  }

  static Turn read(JsonNode stored) {
    List<Item> items = new ArrayList<>();
    for (JsonNode item : stored.path("items")) {
      items.add(new Item(item.path("item"), item.path("tokens").asLong()));
    }
    return new Turn(stored.path("id").asText(), items);
  }

  private static long tokens(JsonNode node, ToLongFunction<String> count) {
    if (node.path("type").asText().equals("input_image")) {
      return PER_IMAGE;
    }
    long tokens = 0;
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      tokens +=
          value.isTextual() && TEXTS.contains(field.getKey())
              ? count.applyAsLong(value.textValue())
              : 0;
    }
    for (JsonNode part : node.path("content")) {
      tokens += tokens(part, count);
    }
    return tokens;
  }
}
