package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything of a request's body that a model would read: messages of every role with their tool
 * calls and results, tools, the response format, stop sequences and what is to be embedded. Tool
 * calls' arguments are judged by what their JSON says; of what clients make up, such as schemas,
 * names are judged, too. A body has been read before, so the API's own objects hold nothing else.
 */
public final class RequestText {

  /** Members of a body that go to the model as objects of the API. */
  private static final Set<String> OBJECTS = Set.of("messages", "tools", "response_format");

  /** Members of a body that go to the model as texts. */
  private static final Set<String> TEXTS = Set.of("stop", "input");

  /** Members of the API's objects that hold such objects again; others hold anything. */
  private static final Set<String> INNER =
      Set.of("content", "tool_calls", "function", "json_schema", "cache_control");

  /** Members of the API's objects that hold one of a few words, checked before. */
  private static final Set<String> WORDS = Set.of("role", "type");

  /** Words that JSON Schema has for {@code type}. */
  private static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "object", "array", "null");

  /** Members of a schema that it could not be read without as they are. */
  private static final Set<String> UNMASKABLE =
      Set.of("type", "required", "pattern", "format", "$ref", "$id", "$anchor", "$schema");

  private final Function<String, Verdict> judge;
  private final Consumer<String> onName;
  private final Consumer<String> onMask;
  private final Set<String> names = new HashSet<>();

  /**
   * @param onName is told each name once
   * @param onMask is told each rule that masks something
   */
  private RequestText(
      Function<String, Verdict> judge, Consumer<String> onName, Consumer<String> onMask) {
    this.judge = judge;
    this.onName = onName;
    this.onMask = onMask;
  }

  private RequestText(Function<String, Verdict> judge, Consumer<String> onMask) {
    this(judge, name -> refuse(judge.apply(name)), onMask);
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

  /** Every text, in order, and all names as one more; none is blank. */
  public static List<String> texts(JsonNode body) {
    List<String> texts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Function<String, Verdict> note =
        text -> {
          texts.add(text);
          return new Verdict.Allowed(text);
        };
    new RequestText(note, names::add, rule -> {}).body(body);
    texts.add(String.join("\n", names));
    texts.removeIf(String::isBlank);
    return texts;
  }

  /**
   * The body with these places masked; empty where one of them cannot be, such as a name.
   *
   * @param masks what takes the place of each text
   */
  public static Optional<JsonNode> masked(JsonNode body, Masks masks) {
    try {
      return Optional.of(new RequestText(masks::judge, rule -> {}).body(body));
    } catch (Stop stop) {
      return Optional.empty();
    }
  }

  /**
   * The body as a set leaves it; the body itself where nothing is masked.
   *
   * @param onMask is told each rule that masks something
   * @throws Stop where something is blocked, or cannot be masked where it stands
   */
  static JsonNode judged(JsonNode body, GuardSet set, Consumer<String> onMask) {
    JsonNode passed = new RequestText(text -> set.judge(Direction.INPUT, text), onMask).body(body);
    for (List<String> turn : Turns.of(passed.path("messages"))) {
      set.across(Direction.INPUT, turn)
          .ifPresent(rule -> {
            throw new Stop(rule);
          });
    }
    return passed;
  }

  private static void refuse(Verdict verdict) {
    switch (verdict) {
      case Verdict.Allowed _ -> {}
      case Verdict.Masked(_, Set<String> rules) -> throw new Stop(rules.iterator().next());
      case Verdict.Blocked(_, String rule) -> throw new Stop(rule);
    }
  }

  private JsonNode body(JsonNode body) {
    return members(
        body,
        (name, value) ->
            OBJECTS.contains(name) || TEXTS.contains(name)
                ? node(name, value, OBJECTS.contains(name))
                : value);
  }

  /**
   * @param isOwn whether the API says what stands here
   */
  private JsonNode node(String name, JsonNode node, boolean isOwn) {
    return switch (node) {
      case ObjectNode object -> members(object, isOwn ? this::own : this::any);
      case ArrayNode array -> elements(name, array, isOwn);
      default -> node.isTextual() ? text(name, node, isOwn) : node;
    };
  }

  /** A member of an object of the API. */
  private JsonNode own(String name, JsonNode value) {
    // The bytes of an image are no text.
    boolean isImage = name.equals("image_url") && value.isObject();
    if (isImage || (WORDS.contains(name) && value.isTextual())) {
      return value;
    }
    return name.equals("arguments") && value.isTextual()
        ? text(value, JsonText.judge(value.textValue(), judge))
        : node(name, value, INNER.contains(name));
  }

  /** A member of an object that a client has made up. */
  private JsonNode any(String name, JsonNode value) {
    if (names.add(name)) {
      onName.accept(name);
    }
    boolean isType = name.equals("type") && TYPES.contains(value.asText());
    return isType ? value : node(name, value, false);
  }

  private static JsonNode members(JsonNode object, BiFunction<String, JsonNode, JsonNode> member) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    boolean isSame = true;
    for (var field : object.properties()) {
      JsonNode passed = member.apply(field.getKey(), field.getValue());
      isSame &= passed == field.getValue();
      copy.set(field.getKey(), passed);
    }
    return isSame ? object : copy;
  }

  private JsonNode elements(String name, ArrayNode array, boolean isOwn) {
    ArrayNode copy = JsonNodeFactory.instance.arrayNode();
    boolean isSame = true;
    for (JsonNode element : array) {
      JsonNode passed = node(name, element, isOwn);
      isSame &= passed == element;
      copy.add(passed);
    }
    return isSame ? array : copy;
  }

  private JsonNode text(String name, JsonNode node, boolean isOwn) {
    Verdict verdict = judge.apply(node.textValue());
    if (!isOwn && UNMASKABLE.contains(name)) {
      refuse(verdict);
    }
    return text(node, verdict);
  }

  private JsonNode text(JsonNode node, Verdict verdict) {
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
