package dev.weir.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.hash.Sha256;
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
    return switch (BodyText.of(contentType)) {
      case BodyText.Kind.Text(BodyText kind) -> text(kind, contentType, body);
      case BodyText.Kind.Opaque _, BodyText.Kind.Unreadable _ -> opaque(contentType, body);
    };
  }

  private static byte[] text(BodyText kind, String contentType, byte[] body) {
    String text = kind.read(body);
    if (kind.unheeded(text).isPresent()) {
      return opaque(contentType, body);
    }
    if (!kind.isJson()) {
      return string(text);
    }
    return isDocument(text) ? text.getBytes(StandardCharsets.UTF_8) : opaque(contentType, body);
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

  private static boolean isDocument(String body) {
    try {
      return !JSON.readTree(body).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static byte[] string(String text) {
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
