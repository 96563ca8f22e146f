package dev.weir.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Judges what JSON says rather than how it is written: an escape hides nothing, nor does a key that
 * comes twice, and masked JSON is still JSON. There may be several documents, such as lines. Text
 * in which nothing is masked stays byte for byte.
 */
public final class JsonText {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .rootValueSeparator("\n")
          // A shared symbol table would let one caller's keys slow down another's.
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .build();

  private final Function<String, Verdict> judge;
  private final Set<String> masked = new LinkedHashSet<>();
  private Optional<String> blocked = Optional.empty();

  private JsonText(Function<String, Verdict> judge) {
    this.judge = judge;
  }

  /**
   * Judges JSON. What is none is judged as the text it is, and as it would be with its escapes
   * read: what only the latter shows is blocked, since it cannot be masked where it stands.
   */
  public static Verdict judge(String json, Function<String, Verdict> judge) {
    JsonText text = new JsonText(judge);
    Optional<String> passed = text.passed(json);
    if (text.blocked.isPresent()) {
      return new Verdict.Blocked("", text.blocked.get());
    }
    if (passed.isEmpty()) {
      return judgeOther(json, judge);
    }
    return text.masked.isEmpty()
        ? new Verdict.Allowed(json)
        : new Verdict.Masked(passed.get(), text.masked);
  }

  /** JSON without escapes that hide what it says. */
  public static String plain(String json) {
    return new JsonText(Verdict.Allowed::new).passed(json).orElseGet(() -> Escapes.read(json));
  }

  private static Verdict judgeOther(String text, Function<String, Verdict> judge) {
    Verdict written = judge.apply(text);
    String read = Escapes.read(written.text());
    if (written instanceof Verdict.Blocked || read.equals(written.text())) {
      return written;
    }
    return switch (judge.apply(read)) {
      case Verdict.Allowed _ -> written;
      case Verdict.Masked(_, Set<String> rules) -> new Verdict.Blocked("", rules.iterator().next());
      case Verdict.Blocked(_, String rule) -> new Verdict.Blocked("", rule);
    };
  }

  /** What may go on; empty where it is no JSON. Ends at the first block. */
  private Optional<String> passed(String json) {
    StringWriter passed = new StringWriter(json.length());
    try (JsonParser parser = FACTORY.createParser(json);
        JsonGenerator out = FACTORY.createGenerator(passed)) {
      for (JsonToken token = parser.nextToken();
          token != null && blocked.isEmpty();
          token = parser.nextToken()) {
        switch (token) {
          case FIELD_NAME -> out.writeFieldName(text(parser.currentName()));
          case VALUE_STRING -> out.writeString(text(parser.getText()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText(), out);
          default -> out.copyCurrentEvent(parser);
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(passed.toString());
  }

  private void number(String number, JsonGenerator out) throws IOException {
    String passed = text(number);
    if (passed.equals(number)) {
      out.writeNumber(number);
    } else {
      out.writeString(passed);
    }
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
