package dev.weir.local.gateway;

import dev.weir.local.http.Exchange;
import dev.weir.local.lambda.StreamedResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** Passes a streamed result on, byte for byte as it comes. */
final class Relay {
  private static final int DELIMITER = 8;
  private static final int PRELUDE_LIMIT = 64 * 1024;

  private final StreamedResult result;
  private final byte[] buffer = new byte[16 * 1024];

  Relay(StreamedResult result) {
    this.result = result;
  }

  /**
   * Answers the client.
   *
   * @return false when the result has no valid prelude, and nothing has been answered
   */
  boolean send(Exchange exchange, String requestId) throws IOException {
    try (result) {
      var answer = prelude(requestId);
      if (answer.isEmpty()) {
        result.cut();
        return false;
      }
      var out = exchange.stream(answer.get().status(), answer.get().headers());
      boolean whole = false;
      try {
        out.write(answer.get().body());
        out.flush();
        copy(out);
        whole = !result.isFailed();
      } finally {
        if (!whole) {
          result.cut();
        }
      }
      if (whole) {
        out.close();
      } else {
        exchange.abort();
      }
      return true;
    }
  }

  private void copy(OutputStream out) throws IOException {
    var in = result.bytes();
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
    }
  }

  private Optional<Answer> prelude(String requestId) {
    try {
      return prelude(result.bytes(), requestId);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<Answer> prelude(InputStream in, String requestId) throws IOException {
    var read = new ByteArrayOutputStream();
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      read.write(buffer, 0, count);
      byte[] bytes = read.toByteArray();
      if (delimiter(bytes) >= 0 || bytes.length > PRELUDE_LIMIT) {
        return whole(bytes, requestId);
      }
    }
    return Optional.empty();
  }

  /** Splits bytes that hold the prelude and what follows it; empty when there is no prelude. */
  static Optional<Answer> whole(byte[] bytes, String requestId) {
    int end = delimiter(bytes);
    if (end < 0) {
      return Optional.empty();
    }
    byte[] first = Arrays.copyOfRange(bytes, end + DELIMITER, bytes.length);
    return Answer.ofPrelude(Arrays.copyOf(bytes, end), first, requestId);
  }

  private static int delimiter(byte[] bytes) {
    for (int i = 0, zeros = 0; i < bytes.length; i++) {
      zeros = bytes[i] == 0 ? zeros + 1 : 0;
      if (zeros == DELIMITER) {
        return i + 1 - DELIMITER;
      }
    }
    return -1;
  }
}
