package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One object of {@code guards.json}, read strictly.
 *
 * @param where how messages name it
 */
record Declaration(JsonNode node, String where) {

  Declaration {
    if (!node.isObject()) {
      throw new IllegalArgumentException(where + " must be an object");
    }
  }

  void only(Set<String> allowed) {
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!allowed.contains(name)) {
            throw new IllegalArgumentException(
                "%s: unknown field '%s'; allowed are %s"
                    .formatted(where, name, new TreeSet<>(allowed)));
          }
        });
  }

  boolean has(String name) {
    return node.has(name);
  }

  Declaration object(String name) {
    return new Declaration(node.path(name), where + "." + name);
  }

  String text(String name) {
    return node.path(name).asText();
  }

  String oneOf(String name, List<String> allowed) {
    String value = node.path(name).asText();
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(
          "%s.%s must be one of %s, not '%s'".formatted(where, name, allowed, value));
    }
    return value;
  }

  String oneOf(String name, String fallback, List<String> allowed) {
    return has(name) ? oneOf(name, allowed) : fallback;
  }

  boolean flag(String name) {
    JsonNode value = node.path(name);
    if (has(name) && !value.isBoolean()) {
      throw new IllegalArgumentException(where + "." + name + " must be true or false");
    }
    return value.asBoolean();
  }

  int number(String name, int fallback, int min, int max) {
    JsonNode value = node.path(name);
    int number = has(name) ? value.asInt(Integer.MIN_VALUE) : fallback;
    if (number < min || number > max || (has(name) && !value.isInt())) {
      throw new IllegalArgumentException(
          "%s.%s must be an integer from %d to %d, not %s".formatted(where, name, min, max, value));
    }
    return number;
  }

  List<String> texts(String name, List<String> allowed) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : node.path(name)) {
      if (!allowed.contains(value.asText())) {
        throw new IllegalArgumentException(
            "%s.%s: '%s' is none of %s".formatted(where, name, value.asText(), allowed));
      }
      texts.add(value.asText());
    }
    return texts;
  }
}
