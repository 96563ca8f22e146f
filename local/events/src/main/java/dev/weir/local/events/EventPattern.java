package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a rule selects events by ("Creating Amazon EventBridge event patterns"). */
public final class EventPattern {
  /** Quota "Event pattern size", in characters. */
  private static final int SIZE = 2048;

  private static final String OR = "$or";

  private final Fields root;

  private EventPattern(Fields root) {
    this.root = root;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException it is no pattern, or holds what is not known here
   */
  public static EventPattern read(JsonNode pattern) {
    if (pattern.toString().length() > SIZE) {
      throw new IllegalArgumentException("event pattern: longer than " + SIZE + " characters");
    }
    return new EventPattern(fields(pattern, "event pattern"));
  }

  /** Whether the whole event is one that the pattern selects. */
  public boolean matches(JsonNode event) {
    return root.matches(event);
  }

  /** A part of a pattern. */
  private sealed interface Part {
    boolean matches(JsonNode value);
  }

  /** All of these must match, each the value of its field. */
  private record Fields(List<Field> all, List<List<Fields>> alternatives) implements Part {
    @Override
    public boolean matches(JsonNode value) {
      if (value.isArray() && !value.isEmpty()) {
        return elements(value).anyMatch(this::matches);
      }
      return all.stream().allMatch(field -> field.part().matches(value.path(field.name())))
          && alternatives.stream()
              .allMatch(some -> some.stream().anyMatch(fields -> fields.matches(value)));
    }
  }

  private record Field(String name, Part part) {}

  /**
   * One of these must match one of the values.
   *
   * @param absent whether no value matches too
   */
  private record Values(boolean absent, List<ValueTest> tests) implements Part {
    @Override
    public boolean matches(JsonNode value) {
      List<JsonNode> leaves = leaves(value).toList();
      return (absent && leaves.isEmpty())
          || leaves.stream().anyMatch(leaf -> tests.stream().anyMatch(it -> it.matches(leaf)));
    }
  }

  /** "Comparison operators only work on leaf nodes": what is no leaf is not there. */
  private static Stream<JsonNode> leaves(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> elements(value).flatMap(EventPattern::leaves);
      case OBJECT, MISSING, POJO, BINARY -> Stream.empty();
      case STRING, NUMBER, BOOLEAN, NULL -> Stream.of(value);
    };
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Fields fields(JsonNode pattern, String where) {
    if (!pattern.isObject() || pattern.isEmpty()) {
      throw new IllegalArgumentException(where + ": not an object with fields");
    }
    List<Field> all = new ArrayList<>();
    List<List<Fields>> alternatives = new ArrayList<>();
    for (var member : pattern.properties()) {
      String place = where + "." + member.getKey();
      if (member.getKey().equals(OR)) {
        alternatives.add(alternatives(member.getValue(), place));
      } else {
        all.add(new Field(member.getKey(), part(member.getValue(), place)));
      }
    }
    return new Fields(all, alternatives);
  }

  private static List<Fields> alternatives(JsonNode list, String where) {
    if (!list.isArray() || list.size() < 2) {
      throw new IllegalArgumentException(where + ": not a list of two or more");
    }
    return elements(list).map(item -> fields(item, where)).toList();
  }

  private static Part part(JsonNode value, String where) {
    if (!value.isArray()) {
      return fields(value, where);
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException(where + ": an empty list matches nothing");
    }
    boolean absent = false;
    List<ValueTest> tests = new ArrayList<>();
    for (JsonNode item : value) {
      if (item.path("exists").isBoolean() && !item.path("exists").asBoolean()) {
        absent = true;
      }
      tests.add(ValueTest.read(item, where));
    }
    return new Values(absent, tests);
  }
}
