package dev.weir.store;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an expression is evaluated against: an item and the request's placeholders. */
record Scope(
    Map<String, AttributeValue> item,
    Map<String, String> names,
    Map<String, AttributeValue> values) {

  /** A document path, its placeholders still unresolved. */
  record Path(List<String> parts) {}

  List<String> resolve(Path path) {
    return path.parts().stream().map(this::name).toList();
  }

  private String name(String part) {
    return part.startsWith("#") ? names.getOrDefault(part, part) : part;
  }

  Optional<AttributeValue> find(Path path) {
    List<String> parts = resolve(path);
    Optional<AttributeValue> found = Optional.ofNullable(item.get(parts.getFirst()));
    for (String part : parts.subList(1, parts.size())) {
      found = found.filter(AttributeValue::hasM).map(map -> map.m().get(part));
    }
    return found;
  }

  AttributeValue value(String placeholder) {
    AttributeValue value = values.get(placeholder);
    if (value == null) {
      throw Invalid.because("no value for " + placeholder);
    }
    return value;
  }

  static BigDecimal number(AttributeValue value) {
    if (value.n() == null) {
      throw Invalid.because("not a number: " + value);
    }
    return new BigDecimal(value.n());
  }
}
