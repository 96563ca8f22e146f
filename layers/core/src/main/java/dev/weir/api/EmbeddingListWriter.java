package dev.weir.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.api.EmbeddingRequest.Encoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Writes the reply of {@code POST /v1/embeddings}. */
public final class EmbeddingListWriter {

  /** About what one vector's frame takes beside its numbers, in bytes. */
  private static final long FRAME = 64;

  /** The longest a number is written with its comma, in bytes: a float as the double it equals. */
  private static final long LONGEST_NUMBER = 25;

  private EmbeddingListWriter() {}

  /**
   * The whole body.
   *
   * @param vectors in the order of the inputs
   * @param promptTokens of all inputs
   */
  public static byte[] bytes(
      String model, List<float[]> vectors, Encoding encoding, long promptTokens) {
    return JsonBytes.object(json -> {
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (int i = 0; i < vectors.size(); i++) {
        json.writeStartObject();
        json.writeStringField("object", "embedding");
        json.writeNumberField("index", i);
        json.writeFieldName("embedding");
        write(json, vectors.get(i), encoding);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("model", model);
      json.writeObjectFieldStart("usage");
      json.writeNumberField("prompt_tokens", promptTokens);
      json.writeNumberField("total_tokens", promptTokens);
      json.writeEndObject();
    });
  }

  /** The most bytes a body of so many vectors can have. */
  public static long bound(int vectors, int dimensions, Encoding encoding) {
    long each =
        switch (encoding) {
          case FLOAT -> dimensions * LONGEST_NUMBER;
          case BASE64 -> Math.ceilDiv(dimensions * (long) Float.BYTES, 3) * 4;
        };
    return FRAME * 4 + vectors * (FRAME + each);
  }

  private static void write(JsonGenerator json, float[] vector, Encoding encoding)
      throws IOException {
    switch (encoding) {
      case FLOAT -> {
        json.writeStartArray();
        for (float number : vector) {
          // As the double it equals: what a client parses is then what it reads from base64.
          json.writeNumber((double) number);
        }
        json.writeEndArray();
      }
      case BASE64 -> json.writeString(Base64.getEncoder().encodeToString(littleEndian(vector)));
    }
  }

  private static byte[] littleEndian(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }
}
