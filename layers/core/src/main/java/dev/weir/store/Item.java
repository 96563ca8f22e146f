package dev.weir.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A DynamoDB item, or a map inside one, read and made by attribute name. Immutable. */
public record Item(Map<String, AttributeValue> attributes) {

  /** An item without attributes. */
  public static final Item EMPTY = new Item(Map.of());

  /** The names of all attributes. */
  public Set<String> names() {
    return attributes.keySet();
  }

  /**
   * A whole number.
   *
   * @throws IllegalStateException if there is none of this name
   */
  public long number(String name) {
    return findNumber(name).orElseThrow(() -> missing(name));
  }

  /** A whole number, if there is one of this name. */
  public OptionalLong findNumber(String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.n() == null
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(value.n()));
  }

  /**
   * A text.
   *
   * @throws IllegalStateException if there is none of this name
   */
  public String text(String name) {
    AttributeValue value = attributes.get(name);
    if (value == null || value.s() == null) {
      throw missing(name);
    }
    return value.s();
  }

  /** A text, if there is one of this name. */
  public Optional<String> findText(String name) {
    return Optional.ofNullable(attributes.get(name)).map(AttributeValue::s);
  }

  /** Bytes, empty if there are none of this name. */
  public byte[] bytes(String name) {
    AttributeValue value = attributes.get(name);
    return value == null || value.b() == null ? new byte[0] : value.b().asByteArray();
  }

  /** A set of texts, empty if there is none of this name. */
  public Set<String> texts(String name) {
    AttributeValue value = attributes.get(name);
    return value == null ? Set.of() : Set.copyOf(value.ss());
  }

  /** A list of whole numbers, empty if there is none of this name. */
  public List<Long> numbers(String name) {
    AttributeValue list = attributes.get(name);
    return list == null
        ? List.of()
        : list.l().stream().map(each -> Long.parseLong(each.n())).toList();
  }

  /** A map inside this one, empty if there is none of this name. */
  public Item map(String name) {
    return findMap(name).orElse(EMPTY);
  }

  /** A map inside this one, if there is one of this name. */
  public Optional<Item> findMap(String name) {
    return Optional.ofNullable(attributes.get(name))
        .filter(AttributeValue::hasM)
        .map(value -> new Item(value.m()));
  }

  /** This item with a number. */
  public Item with(String name, long number) {
    return with(name, AttributeValue.fromN(Long.toString(number)));
  }

  /** This item with a number, if there is one. */
  public Item with(String name, OptionalLong number) {
    return number.isPresent() ? with(name, number.getAsLong()) : this;
  }

  /** This item with a text. */
  public Item with(String name, String text) {
    return with(name, AttributeValue.fromS(text));
  }

  /** This item with bytes. */
  public Item with(String name, byte[] bytes) {
    return with(name, AttributeValue.fromB(SdkBytes.fromByteArray(bytes)));
  }

  /** This item with a set of texts; DynamoDB has no empty sets, so an empty one is left out. */
  public Item with(String name, Set<String> texts) {
    return texts.isEmpty()
        ? this
        : with(name, AttributeValue.fromSs(texts.stream().sorted().toList()));
  }

  /** This item with a map inside it. */
  public Item with(String name, Item map) {
    return with(name, AttributeValue.fromM(map.attributes));
  }

  private Item with(String name, AttributeValue value) {
    Map<String, AttributeValue> more = new HashMap<>(attributes);
    more.put(name, value);
    return new Item(Map.copyOf(more));
  }

  private static IllegalStateException missing(String name) {
    return new IllegalStateException("the item has no attribute " + name);
  }
}
