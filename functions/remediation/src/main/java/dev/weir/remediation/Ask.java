package dev.weir.remediation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * A state machine's event, read strictly.
 *
 * @param json an object
 */
record Ask(JsonNode json) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names of endpoints and variants (SageMaker API reference). */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");

  /** Reads an event. */
  static Ask read(InputStream event) throws IOException {
    return new Ask(JSON.readTree(event));
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static void write(JsonNode reply, OutputStream out) throws IOException {
    JSON.writeValue(out, reply);
  }

  /** What a plan's JSON says in one sentence, if it does. */
  static Optional<String> summary(String plan) {
    try {
      return new Ask(JSON.readTree(plan)).find("summary");
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /** A member that is an object; one without members where there is none. */
  Ask part(String name) {
    return new Ask(json.path(name));
  }

  boolean has(String name) {
    return json.hasNonNull(name);
  }

  /** A text that must be there. */
  String text(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }

  Optional<String> find(String name) {
    return Optional.of(json.path(name))
        .filter(JsonNode::isValueNode)
        .filter(value -> !value.isNull())
        .map(JsonNode::asText)
        .filter(text -> !text.isEmpty());
  }

  /** The name of an endpoint or a variant. */
  String name(String member) {
    String name = text(member);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(member + " is no name");
    }
    return name;
  }

  /** A name, or another where there is none. */
  String name(String member, String otherwise) {
    return find(member).isPresent() ? name(member) : otherwise;
  }

  /** A number, which may be a text: parameters of a template are. */
  double number(String name, double otherwise) {
    Optional<String> text = find(name);
    try {
      return text.isPresent() ? Double.parseDouble(text.get()) : otherwise;
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException(name + " is no number", none);
    }
  }

  /** A number, if there is one. */
  OptionalDouble perhaps(String name) {
    return has(name) ? OptionalDouble.of(number(name, 0)) : OptionalDouble.empty();
  }

  /** A whole number. */
  int whole(String name, int otherwise) {
    double number = number(name, otherwise);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(name + " is no whole number");
    }
    return (int) number;
  }

  boolean flag(String name) {
    return find(name).map(Boolean::parseBoolean).orElse(false);
  }

  /** A time as ISO 8601 with its offset, or in epoch seconds: services differ. */
  Optional<Instant> time(String name) {
    return find(name).map(text -> instant(name, text));
  }

  Instant requiredTime(String name) {
    return instant(name, text(name));
  }

  private static Instant instant(String name, String text) {
    try {
      return text.matches("[0-9.eE+]+")
          ? Instant.ofEpochMilli(Math.round(Double.parseDouble(text) * 1000))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException | NumberFormatException none) {
      throw new IllegalArgumentException(name + " is no time", none);
    }
  }

  List<String> texts(String name) {
    return json.path(name).valueStream().map(JsonNode::asText).toList();
  }

  /** Pairs as an object, or as SageMaker lists tags. */
  Map<String, String> pairs(String name) {
    Map<String, String> pairs = new HashMap<>();
    JsonNode node = json.path(name);
    if (node.isArray()) {
      node.forEach(tag -> pairs.put(tag.path("Key").asText(), tag.path("Value").asText()));
    } else {
      node.properties().forEach(pair -> pairs.put(pair.getKey(), pair.getValue().asText()));
    }
    return pairs;
  }
}
