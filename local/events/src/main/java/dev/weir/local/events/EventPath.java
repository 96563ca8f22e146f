package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/** A way to a value in an event, in dot notation, such as {@code $.detail.state}. */
record EventPath(List<String> names) {
  private static final Pattern SYNTAX = Pattern.compile("\\$(\\.[A-Za-z0-9_/-]+)*");

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException it is none, or has array indexes or wildcards
   */
  static EventPath read(String text) {
    if (!SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException("no path in dot notation: " + text);
    }
    return new EventPath(text.equals("$") ? List.of() : List.of(text.substring(2).split("\\.")));
  }

  /** What is there, or a missing node. */
  JsonNode in(JsonNode event) {
    JsonNode value = event;
    for (String name : names) {
      value = value.path(name);
    }
    return value;
  }
}
