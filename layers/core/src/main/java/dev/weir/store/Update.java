package dev.weir.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An update expression and its condition while they are put together. Placeholders are as short as
 * can be, because DynamoDB refuses expressions over 4 KB. Not thread-safe.
 */
public final class Update {

  private final Map<String, String> placeholders = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final List<String> sets = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();

  /** The placeholder of an attribute name that may be reserved or hold any character. */
  public String name(String name) {
    return placeholders.computeIfAbsent(
        name,
        key -> {
          String placeholder = "#" + Integer.toString(names.size(), 36);
          names.put(placeholder, key);
          return placeholder;
        });
  }

  /** The placeholder of a number. */
  public String number(long number) {
    return value(AttributeValue.fromN(Long.toString(number)));
  }

  /** The placeholder of a text. */
  public String text(String text) {
    return value(AttributeValue.fromS(text));
  }

  /** The placeholder of bytes. */
  public String bytes(byte[] bytes) {
    return value(AttributeValue.fromB(SdkBytes.fromByteArray(bytes)));
  }

  /** The placeholder of a map. */
  public String map(Item map) {
    return value(AttributeValue.fromM(map.attributes()));
  }

  private String value(AttributeValue value) {
    String placeholder = ":" + Integer.toString(values.size(), 36);
    values.put(placeholder, value);
    return placeholder;
  }

  /** Assigns {@code expression} to {@code path}; both see the item as it was before. */
  public void set(String path, String expression) {
    sets.add(path + " = " + expression);
  }

  /** Assigns every attribute of {@code item}. */
  public void setAll(Item item) {
    item.attributes().forEach((name, value) -> set(name(name), value(value)));
  }

  /** Adds {@code amount} to the number at {@code path}, which exists. */
  public void add(String path, long amount) {
    set(path, path + " + " + number(amount));
  }

  /** Adds {@code amount} to the number at {@code path}, taken as 0 if absent. */
  public void addOrCreate(String path, long amount) {
    set(path, "if_not_exists(" + path + ", " + number(0) + ") + " + number(amount));
  }

  /** Removes what is at {@code path}, if anything. */
  public void remove(String path) {
    removals.add(path);
  }

  /** Adds a condition; all must hold. */
  public void require(String condition) {
    conditions.add(condition);
  }

  String expression() {
    return Stream.of(clause("SET ", sets), clause("REMOVE ", removals))
        .filter(clause -> !clause.isEmpty())
        .reduce((set, remove) -> set + " " + remove)
        .orElseThrow();
  }

  String condition() {
    return String.join(" AND ", conditions);
  }

  Map<String, String> names() {
    return names;
  }

  Map<String, AttributeValue> values() {
    return values;
  }

  private static String clause(String keyword, List<String> parts) {
    return parts.isEmpty() ? "" : keyword + String.join(", ", parts);
  }
}
