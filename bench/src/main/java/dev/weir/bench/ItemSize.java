package dev.weir.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Map;

/**
 * The size DynamoDB bills an item by (Amazon DynamoDB Developer Guide, "DynamoDB item sizes and
 * formats"), from the item in DynamoDB's JSON.
 */
final class ItemSize {
  private static final int MAP_OR_LIST = 3;
  private static final int ELEMENT = 1;
  private static final int UNIT = 1024;

  private ItemSize() {}

  /** Bytes of the item: names and values. */
  static int bytes(JsonNode item) {
    int bytes = 0;
    for (Map.Entry<String, JsonNode> attribute : item.properties()) {
      bytes += length(attribute.getKey()) + value(attribute.getValue());
    }
    return bytes;
  }

  /** Write request units of one write of the item. */
  static int writeUnits(JsonNode item) {
    return Math.max(1, Math.ceilDiv(bytes(item), UNIT));
  }

  private static int value(JsonNode typed) {
    Map.Entry<String, JsonNode> entry = typed.properties().iterator().next();
    JsonNode value = entry.getValue();
    return switch (entry.getKey()) {
      case "S" -> length(value.asText());
      case "N" -> number(value.asText());
      case "B" -> Base64.getDecoder().decode(value.asText()).length;
      case "BOOL", "NULL" -> 1;
      case "SS" -> sum(value, text -> length(text.asText()));
      case "NS" -> sum(value, text -> number(text.asText()));
      case "M" -> MAP_OR_LIST + ELEMENT * value.size() + bytes(value);
      case "L" -> MAP_OR_LIST + ELEMENT * value.size() + sum(value, ItemSize::value);
      default -> throw new IllegalArgumentException("no DynamoDB type: " + entry.getKey());
    };
  }

  private interface Size {
    int of(JsonNode element);
  }

  private static int sum(JsonNode elements, Size size) {
    int bytes = 0;
    for (JsonNode element : elements) {
      bytes += size.of(element);
    }
    return bytes;
  }

  /** Two significant digits a byte, one byte more, and one for the sign. */
  private static int number(String text) {
    String digits = text.replace("-", "").replace(".", "").replaceAll("^0+|0+$", "");
    return Math.ceilDiv(digits.length(), 2) + 1 + (text.startsWith("-") ? 1 : 0);
  }

  private static int length(String text) {
    return text.getBytes(UTF_8).length;
  }
}
