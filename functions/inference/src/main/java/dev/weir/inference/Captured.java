package dev.weir.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.hash.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What is kept of bodies that are not JSON by themselves, as JSON that can be redacted. */
final class Captured {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Captured() {}

  /**
   * A body as JSON: JSON as it is, text as a string. Of what no rule can read nothing is kept but
   * its type, size and SHA-256.
   */
  static byte[] body(String contentType, byte[] body) {
    return switch (MediaType.of(contentType)) {
      case JSON -> isDocument(body) ? body : opaque(contentType, body);
      case TEXT -> text(new String(body, StandardCharsets.UTF_8));
      case OPAQUE -> opaque(contentType, body);
    };
  }

  /** An answer whose bytes have not been kept. */
  static byte[] bytes(String contentType, long count) {
    return sized(contentType, count).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Vectors: how many, and how long. They can be turned back into text, and no rule reads them. */
  static byte[] vectors(int count, int dimensions) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("vectors", count)
        .put("dimensions", dimensions)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isDocument(byte[] body) {
    try {
      return !JSON.readTree(body).isMissingNode();
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] text(String text) {
    try {
      return JSON.writeValueAsBytes(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string is JSON", e);
    }
  }

  private static byte[] opaque(String contentType, byte[] body) {
    return sized(contentType, body.length)
        .put("sha256", HexFormat.of().formatHex(Sha256.of(body)))
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode sized(String contentType, long count) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("contentType", contentType)
        .put("bytes", count);
  }
}
