package dev.weir.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Attributes as canonical text: DynamoDB's JSON, names in order, numbers without trailing zeros, as
 * DynamoDB itself gives them back. Equal attributes have equal texts, without line breaks.
 */
final class ItemText {

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper READER = new ObjectMapper();

  private ItemText() {}

  /** Empty for none. */
  static String of(Map<String, AttributeValue> attributes) {
    if (attributes.isEmpty()) {
      return "";
    }
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, attributes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Map<String, AttributeValue> attributes)
      throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, AttributeValue> attribute : new TreeMap<>(attributes).entrySet()) {
      json.writeFieldName(attribute.getKey());
      write(json, attribute.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, AttributeValue value) throws IOException {
    json.writeStartObject();
    json.writeFieldName(value.type().name());
    switch (value.type()) {
      case S -> json.writeString(value.s());
      case N -> json.writeString(new BigDecimal(value.n()).stripTrailingZeros().toPlainString());
      case BOOL -> json.writeBoolean(value.bool());
      case M -> write(json, value.m());
      case L -> {
        json.writeStartArray();
        for (AttributeValue element : value.l()) {
          write(json, element);
        }
        json.writeEndArray();
      }
      // Never written here, so all that matters is that it makes another text.
      case B, SS, NS, BS, NUL, UNKNOWN_TO_SDK_VERSION -> json.writeString(value.toString());
    }
    json.writeEndObject();
  }

  /** The attributes of a text that {@link #of} made. */
  static Map<String, AttributeValue> read(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return attributes(READER.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, AttributeValue> attributes(JsonNode node) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    node.properties().forEach(field -> attributes.put(field.getKey(), value(field.getValue())));
    return attributes;
  }

  private static AttributeValue value(JsonNode node) {
    Map.Entry<String, JsonNode> typed = node.properties().iterator().next();
    JsonNode value = typed.getValue();
    return switch (typed.getKey()) {
      case "S" -> AttributeValue.fromS(value.textValue());
      case "N" -> AttributeValue.fromN(value.textValue());
      case "BOOL" -> AttributeValue.fromBool(value.booleanValue());
      case "M" -> AttributeValue.fromM(attributes(value));
      case "L" -> {
        List<AttributeValue> elements = new ArrayList<>();
        value.forEach(element -> elements.add(value(element)));
        yield AttributeValue.fromL(elements);
      }
      default -> throw new IllegalArgumentException("no attribute of a row: " + typed.getKey());
    };
  }
}
