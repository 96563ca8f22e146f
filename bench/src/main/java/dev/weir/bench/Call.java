package dev.weir.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/**
 * One answered event, on the clock of {@link System#nanoTime}.
 *
 * @param begun when the event was handed out
 * @param firstByte when the first byte of the answer's body had come
 * @param lastByte when its last byte had come
 * @param released when the environment asked for the next event: what Lambda bills ends here
 * @param prelude status and headers as JSON
 * @param body the answer's body
 */
record Call(long begun, long firstByte, long lastByte, long released, String prelude, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  double firstByteMillis() {
    return (firstByte - begun) / 1e6;
  }

  double lastByteMillis() {
    return (lastByte - begun) / 1e6;
  }

  double billedMillis() {
    return (released - begun) / 1e6;
  }

  int status() {
    return head().path("statusCode").asInt();
  }

  /** A header field of the answer, empty when there is none. */
  String header(String name) {
    return head().path("headers").path(name).asText();
  }

  private JsonNode head() {
    try {
      return JSON.readTree(prelude);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This call, when its status is the one expected and its answer whole. */
  Call expect(int status) {
    if (status() != status) {
      throw new IllegalStateException(
          "expected %d: %s %s".formatted(status, prelude, new String(body, UTF_8)));
    }
    return this;
  }
}
