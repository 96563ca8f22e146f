package dev.weir.states.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes the fields of one JSON object one by one; what nobody took is refused. */
final class ObjectReader {
  private static final Set<String> JSON_PATH =
      Set.of(
          "InputPath",
          "OutputPath",
          "Parameters",
          "Result",
          "ResultPath",
          "ResultSelector",
          "ItemsPath",
          "SecondsPath",
          "TimestampPath",
          "TimeoutSecondsPath",
          "HeartbeatSecondsPath",
          "MaxConcurrencyPath",
          "ErrorPath",
          "CausePath",
          "Variable");

  private final String location;
  private final JsonNode object;
  private final Refusals refusals;
  private final Set<String> taken = new HashSet<>();

  ObjectReader(String location, JsonNode object, Refusals refusals) {
    this.location = location;
    this.object = object;
    this.refusals = refusals;
    if (!object.isObject()) {
      refusals.add(location, "Expected an object, not " + object);
    }
  }

  String location() {
    return location;
  }

  Refusals refusals() {
    return refusals;
  }

  void refuse(String field, String message) {
    refusals.add(at(field), message);
  }

  String at(String field) {
    return (location.equals("/") ? "" : location) + "/" + field;
  }

  Optional<JsonNode> take(String field) {
    taken.add(field);
    return Optional.ofNullable(object.get(field));
  }

  Optional<String> text(String field) {
    return take(field)
        .filter(value -> value.isTextual() || refused(field, "Expected a string, not " + value))
        .map(JsonNode::textValue);
  }

  /** The text, or one that nothing is named by after refusing that it is missing. */
  String requiredText(String field) {
    return text(field).orElseGet(() -> missing(field, ""));
  }

  boolean isTrue(String field) {
    return take(field)
        .filter(value -> value.isBoolean() || refused(field, "Expected a boolean, not " + value))
        .filter(value -> value.booleanValue() || refused(field, "Must be true if it is given"))
        .isPresent();
  }

  Optional<Integer> whole(String field, int least, int most) {
    return take(field)
        .filter(value ->
            value.isInt() && value.intValue() >= least && value.intValue() <= most
                || refused(
                    field, "Expected a whole number %d..%d, not %s".formatted(least, most, value)))
        .map(JsonNode::intValue);
  }

  Optional<Double> number(String field, double least) {
    return take(field)
        .filter(value ->
            value.isNumber() && value.doubleValue() >= least
                || refused(
                    field, "Expected a number of at least %s, not %s".formatted(least, value)))
        .map(JsonNode::doubleValue);
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (element.isTextual()) {
        texts.add(element.textValue());
      } else {
        refuse(field, "Expected strings, not " + element);
      }
    }
    return texts;
  }

  Optional<ObjectReader> object(String field) {
    return take(field).map(value -> new ObjectReader(at(field), value, refusals));
  }

  ObjectReader requiredObject(String field) {
    return object(field)
        .orElseGet(() ->
            missing(
                field,
                new ObjectReader(
                    at(field), JsonNodeFactory.instance.objectNode(), new Refusals())));
  }

  List<ObjectReader> objects(String field) {
    List<ObjectReader> readers = new ArrayList<>();
    for (JsonNode element : array(field)) {
      readers.add(new ObjectReader(at(field) + "[" + readers.size() + "]", element, refusals));
    }
    return readers;
  }

  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Refuses every field that was not taken. */
  void end() {
    for (String name : names()) {
      if (!taken.contains(name)) {
        refuse(
            name,
            JSON_PATH.contains(name) || name.endsWith(".$")
                ? "Field is JSONPath; only JSONata is supported"
                : "Field is unknown here or not supported");
      }
    }
  }

  private List<JsonNode> array(String field) {
    List<JsonNode> elements = new ArrayList<>();
    take(field)
        .filter(value -> value.isArray() || refused(field, "Expected an array, not " + value))
        .ifPresent(value -> value.forEach(elements::add));
    return elements;
  }

  private boolean refused(String field, String message) {
    refuse(field, message);
    return false;
  }

  private <T> T missing(String field, T instead) {
    refuse(field, "Field is required");
    return instead;
  }
}
