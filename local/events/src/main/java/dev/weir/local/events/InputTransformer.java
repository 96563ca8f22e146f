package dev.weir.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a target's payload from an event ("Amazon EventBridge input transformation"): the
 * template's {@code <name>} become values, as JSON outside of quotes and as text inside. A value
 * that the event does not have is empty text.
 */
final class InputTransformer implements TargetInput {
  private static final int MOST_PATHS = 100;
  private static final String RESERVED = "aws.";
  private static final String WITHOUT_DETAIL = "aws.events.event";
  private static final String WHOLE = "aws.events.event.json";
  private static final Set<String> TEXTS =
      Set.of("aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time");
  private static final Pattern PLACEHOLDER = Pattern.compile("<([A-Za-z0-9_./-]+)>");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Map<String, EventPath> paths;
  private final List<Piece> pieces;

  private InputTransformer(Map<String, EventPath> paths, List<Piece> pieces) {
    this.paths = paths;
    this.pieces = pieces;
  }

  /** A part of the template. */
  private sealed interface Piece {}

  private record Literal(String text) implements Piece {}

  private record Variable(String name, boolean quoted) implements Piece {}

  /**
   * Reads InputPathsMap and InputTemplate.
   *
   * @throws IllegalArgumentException the template would not give JSON or names what there is not
   */
  static InputTransformer read(Map<String, String> inputPaths, String template) {
    if (inputPaths.size() > MOST_PATHS) {
      throw new IllegalArgumentException("more than " + MOST_PATHS + " paths");
    }
    Map<String, EventPath> paths = new LinkedHashMap<>();
    inputPaths.forEach((name, path) -> {
      if (name.toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
        throw new IllegalArgumentException("the name " + name + " is reserved");
      }
      paths.put(name, EventPath.read(path));
    });
    var transformer = new InputTransformer(paths, pieces(template));
    transformer.check(template);
    return transformer;
  }

  private static List<Piece> pieces(String template) {
    List<Piece> pieces = new ArrayList<>();
    Matcher placeholder = PLACEHOLDER.matcher(template);
    boolean quoted = false;
    int from = 0;
    while (placeholder.find()) {
      String before = template.substring(from, placeholder.start());
      quoted ^= oddQuotes(before);
      pieces.add(new Literal(before));
      pieces.add(new Variable(placeholder.group(1), quoted));
      from = placeholder.end();
    }
    pieces.add(new Literal(template.substring(from)));
    return pieces;
  }

  private static boolean oddQuotes(String text) {
    boolean odd = false;
    for (int at = 0; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '\\' -> at++;
        case '"' -> odd = !odd;
        default -> {}
      }
    }
    return odd;
  }

  private void check(String template) {
    for (Piece piece : pieces) {
      if (piece instanceof Variable(var name, var quoted)) {
        boolean event = name.equals(WITHOUT_DETAIL) || name.equals(WHOLE);
        if (event && quoted) {
          throw new IllegalArgumentException("<" + name + "> can only be a value of its own");
        }
        if (!event && !TEXTS.contains(name) && !paths.containsKey(name)) {
          throw new IllegalArgumentException("nothing is called <" + name + ">");
        }
      }
    }
    try {
      JSON.readTree(render(_ -> IntNode.valueOf(0)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the template gives no JSON: " + template, e);
    }
  }

  @Override
  public JsonNode payload(ObjectNode event, String ruleName, String ruleArn, String ingested) {
    String text =
        render(name ->
            switch (name) {
              case WHOLE -> event;
              case WITHOUT_DETAIL -> event.deepCopy().without("detail");
              case "aws.events.rule-arn" -> new TextNode(ruleArn);
              case "aws.events.rule-name" -> new TextNode(ruleName);
              case "aws.events.event.ingestion-time" -> new TextNode(ingested);
              default -> Objects.requireNonNull(paths.get(name)).in(event);
            });
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private String render(Function<String, JsonNode> values) {
    var text = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Literal(var literal) -> text.append(literal);
        case Variable(var name, var quoted) -> {
          JsonNode found = values.apply(name);
          JsonNode value = found.isMissingNode() ? new TextNode("") : found;
          text.append(quoted ? inside(value) : value.toString());
        }
      }
    }
    return text.toString();
  }

  private static String inside(JsonNode value) {
    String text = value.isContainerNode() ? value.toString() : value.asText();
    String escaped = JsonNodeFactory.instance.textNode(text).toString();
    return escaped.substring(1, escaped.length() - 1);
  }
}
