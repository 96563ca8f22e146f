package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything of a request's body that a model would read: messages of every role with their tool
 * calls and results, tools, the response format, stop sequences and what is to be embedded. Tool
 * calls' arguments are judged by what their JSON says.
 */
public final class RequestText {

  /** Members of a body that go to the model. */
  private static final List<String> READ =
      List.of("messages", "tools", "response_format", "stop", "input");

  /** Members that hold one of a few words, checked before. */
  private static final List<String> WORDS = List.of("role", "type");

  private final Function<String, Verdict> judge;
  private final Consumer<String> onMask;

  private final boolean seams;

  /**
   * @param seams whether a message's parts are judged together, too
   */
  private RequestText(Function<String, Verdict> judge, Consumer<String> onMask, boolean seams) {
    this.judge = judge;
    this.onMask = onMask;
    this.seams = seams;
  }

  /** Carries a block out of the walk. */
  static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String rule;

    Stop(String rule) {
      super(rule, null, false, false);
      this.rule = rule;
    }

    String rule() {
      return rule;
    }
  }

  /** Every text, in order; none is empty. */
  public static List<String> texts(JsonNode body) {
    List<String> texts = new ArrayList<>();
    Function<String, Verdict> note =
        text -> {
          texts.add(text);
          return new Verdict.Allowed(text);
        };
    new RequestText(note, rule -> {}, false).body(body);
    texts.removeIf(String::isBlank);
    return texts;
  }

  /**
   * The body with these places masked.
   *
   * @param masks what takes the place of each text
   */
  public static JsonNode masked(JsonNode body, Masks masks) {
    return new RequestText(masks::judge, rule -> {}, false).body(body);
  }

  /**
   * The body as a set leaves it; the body itself where nothing is masked.
   *
   * @param onMask is told each rule that masks something
   * @throws Stop where something is blocked
   */
  static JsonNode judged(JsonNode body, GuardSet set, Consumer<String> onMask) {
    return new RequestText(text -> set.judge(Direction.INPUT, text), onMask, true).body(body);
  }

  private JsonNode body(JsonNode body) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    boolean isSame = true;
    for (var field : body.properties()) {
      JsonNode value = field.getValue();
      JsonNode passed = READ.contains(field.getKey()) ? node(field.getKey(), value) : value;
      isSame &= passed == value;
      copy.set(field.getKey(), passed);
    }
    return isSame ? body : copy;
  }

  private JsonNode node(String name, JsonNode node) {
    return switch (node) {
      case ObjectNode object -> object(object);
      case ArrayNode array -> array(name, array);
      default -> node.isTextual() ? text(name, node) : node;
    };
  }

  private JsonNode object(ObjectNode object) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    boolean isSame = true;
    for (var field : object.properties()) {
      JsonNode value = field.getValue();
      // The bytes of an image are no text.
      boolean isImage = field.getKey().equals("image_url") && value.isObject();
      boolean isWord = WORDS.contains(field.getKey()) && value.isTextual();
      JsonNode passed = isImage || isWord ? value : node(field.getKey(), value);
      isSame &= passed == value;
      copy.set(field.getKey(), passed);
    }
    return isSame ? object : copy;
  }

  private JsonNode array(String name, ArrayNode array) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode();
    boolean isSame = true;
    for (JsonNode element : array) {
      JsonNode passed = node(name, element);
      isSame &= passed == element;
      copy.add(passed);
    }
    if (seams && name.equals("content")) {
      refuseSeams(array, copy);
    }
    return isSame ? array : copy;
  }

  /** A model may read the parts of a message as one text, so nothing may hide in their seams. */
  private void refuseSeams(ArrayNode parts, ArrayNode passed) {
    String all = joined(parts);
    if (all.isEmpty()) {
      return;
    }
    Verdict verdict = judge.apply(all);
    switch (verdict) {
      case Verdict.Allowed _ -> {}
      case Verdict.Masked(String text, Set<String> rules) -> {
        if (!text.equals(joined(passed))) {
          throw new Stop(rules.iterator().next());
        }
      }
      case Verdict.Blocked(_, String rule) -> throw new Stop(rule);
    }
  }

  private static String joined(ArrayNode parts) {
    List<String> texts = new ArrayList<>();
    for (JsonNode part : parts) {
      if (part.path("text").isTextual()) {
        texts.add(part.path("text").textValue());
      }
    }
    return texts.size() < 2 ? "" : String.join("", texts);
  }

  private JsonNode text(String name, JsonNode node) {
    String text = node.textValue();
    Verdict verdict = name.equals("arguments") ? JsonText.judge(text, judge) : judge.apply(text);
    return switch (verdict) {
      case Verdict.Allowed _ -> node;
      case Verdict.Masked(String masked, Set<String> rules) -> {
        rules.forEach(onMask);
        yield JsonNodeFactory.instance.textNode(masked);
      }
      case Verdict.Blocked(_, String rule) -> throw new Stop(rule);
    };
  }
}
