package dev.weir.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Judges what a JSON document says rather than how it is written: an escape hides nothing, and a
 * masked document is still JSON. A document in which nothing is masked stays byte for byte.
 */
public final class JsonText {

  private static final ObjectReader READER =
      new ObjectMapper()
          .reader()
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private final Function<String, Verdict> judge;
  private final Set<String> masked = new LinkedHashSet<>();
  private Optional<String> blocked = Optional.empty();

  private JsonText(Function<String, Verdict> judge) {
    this.judge = judge;
  }

  /** Judges a document; one that is no JSON is judged as the text it is. */
  public static Verdict judge(String json, Function<String, Verdict> judge) {
    JsonNode document;
    try {
      document = READER.readTree(json);
    } catch (JsonProcessingException e) {
      return judge.apply(json);
    }
    JsonText text = new JsonText(judge);
    JsonNode passed = text.node(document);
    if (text.blocked.isPresent()) {
      return new Verdict.Blocked("", text.blocked.get());
    }
    return text.masked.isEmpty()
        ? new Verdict.Allowed(json)
        : new Verdict.Masked(passed.toString(), text.masked);
  }

  /** The document without escapes that hide what it says; itself where it is no JSON. */
  public static String plain(String json) {
    try {
      return READER.readTree(json).toString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  private JsonNode node(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object
            .properties()
            .forEach(field -> copy.set(text(field.getKey()), node(field.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        array.forEach(element -> copy.add(node(element)));
        yield copy;
      }
      default -> {
        String plain = node.asText();
        String passed = text(plain);
        yield passed.equals(plain) ? node : JsonNodeFactory.instance.textNode(passed);
      }
    };
  }

  private String text(String text) {
    Verdict verdict = judge.apply(text);
    switch (verdict) {
      case Verdict.Allowed _ -> {}
      case Verdict.Masked(_, Set<String> rules) -> masked.addAll(rules);
      case Verdict.Blocked(_, String rule) -> blocked = blocked.or(() -> Optional.of(rule));
    }
    return verdict.text();
  }
}
