package dev.weir.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/** The SDK's models as JSON, by the fields they say they have (AWS JSON protocol 1.0). */
final class Pojos {

  private static final JsonFactory JSON = new JsonFactory();

  private Pojos() {}

  /** A request's body. */
  static byte[] write(SdkPojo request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      object(out, request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void object(JsonGenerator out, SdkPojo pojo) throws IOException {
    out.writeStartObject();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (value != null
          && !(value instanceof SdkAutoConstructList)
          && !(value instanceof SdkAutoConstructMap)) {
        out.writeFieldName(field.locationName());
        value(out, value);
      }
    }
    out.writeEndObject();
  }

  private static void value(JsonGenerator out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case SdkPojo pojo -> object(out, pojo);
      case String text -> out.writeString(text);
      case Boolean truth -> out.writeBoolean(truth);
      case Integer number -> out.writeNumber(number);
      case SdkBytes bytes -> out.writeBinary(bytes.asByteArrayUnsafe());
      case List<?> list -> {
        out.writeStartArray();
        for (Object member : list) {
          value(out, member);
        }
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName((String) entry.getKey());
          value(out, entry.getValue());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  /**
   * Fills a builder from a reply's body; what it has no field for is skipped.
   *
   * @throws IOException if the body is not JSON, or not of this shape
   */
  static void read(byte[] body, SdkPojo builder) throws IOException {
    try (JsonParser in = JSON.createParser(body)) {
      if (in.nextToken() != null) {
        fill(in, builder);
      }
    }
  }

  private static void fill(JsonParser in, SdkPojo builder) throws IOException {
    expect(in, JsonToken.START_OBJECT);
    Map<String, SdkField<?>> fields = builder.sdkFieldNameToField();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      SdkField<?> field = fields.get(name);
      if (field == null) {
        in.skipChildren();
      } else {
        field.set(builder, value(in, field));
      }
    }
    expect(in, JsonToken.END_OBJECT);
  }

  private static @Nullable Object value(JsonParser in, SdkField<?> field) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.STRING && in.currentToken().isScalarValue()) {
      return in.getText();
    } else if (type == MarshallingType.BOOLEAN) {
      return in.getBooleanValue();
    } else if (type == MarshallingType.INTEGER) {
      return in.getIntValue();
    } else if (type == MarshallingType.DOUBLE) {
      return in.getDoubleValue();
    } else if (type == MarshallingType.SDK_BYTES) {
      return SdkBytes.fromByteArrayUnsafe(in.getBinaryValue());
    } else if (type == MarshallingType.LIST) {
      return list(in, field.getTrait(ListTrait.class).memberFieldInfo());
    } else if (type == MarshallingType.MAP) {
      return map(in, field.getTrait(MapTrait.class).valueFieldInfo());
    } else if (type == MarshallingType.SDK_POJO) {
      SdkPojo builder = field.constructor().get();
      fill(in, builder);
      return ((Buildable) builder).build();
    }
    throw new JsonParseException(in, "no value of type " + type.getTargetClass());
  }

  private static List<@Nullable Object> list(JsonParser in, SdkField<?> member) throws IOException {
    expect(in, JsonToken.START_ARRAY);
    List<@Nullable Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(in, member));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(JsonParser in, SdkField<?> of)
      throws IOException {
    expect(in, JsonToken.START_OBJECT);
    Map<String, @Nullable Object> map = new HashMap<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      map.put(key, value(in, of));
    }
    expect(in, JsonToken.END_OBJECT);
    return map;
  }

  private static void expect(JsonParser in, JsonToken token) throws JsonParseException {
    if (in.currentToken() != token) {
      throw new JsonParseException(in, "no " + token + " where one must be");
    }
  }
}
