package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/** A chunked request body: what is written between two flushes leaves as one chunk. */
final class ChunkedBody {
  private static final int CAPACITY = 16 * 1024;
  private static final int SIZE_LINE = 6;
  private static final byte[] LAST_CHUNK = "0\r\n".getBytes(UTF_8);

  private final HttpConnection connection;
  private byte[] head;
  private final byte[] chunk = new byte[SIZE_LINE + CAPACITY + 2];
  private int length;

  /**
   * @param head the request's head, sent before the first chunk
   */
  ChunkedBody(HttpConnection connection, String head) {
    this.connection = connection;
    this.head = head.getBytes(UTF_8);
  }

  void write(byte[] bytes, int offset, int count) throws IOException {
    int from = offset;
    for (int left = count; left > 0; ) {
      int part = Math.min(left, CAPACITY - length);
      System.arraycopy(bytes, from, chunk, SIZE_LINE + length, part);
      length += part;
      from += part;
      left -= part;
      if (length == CAPACITY) {
        flush();
      }
    }
  }

  void flush() throws IOException {
    if (length > 0) {
      send(chunk, frame());
    }
  }

  /** Ends the body well. */
  void end() throws IOException {
    finish("\r\n");
  }

  /** Ends the body with the trailers that mark a failed invocation. */
  void end(Failure failure) throws IOException {
    finish(
        "Lambda-Runtime-Function-Error-Type: %s\r\nLambda-Runtime-Function-Error-Body: %s\r\n\r\n"
            .formatted(
                failure.type(),
                Base64.getEncoder().encodeToString(failure.json().getBytes(UTF_8))));
  }

  private void finish(String trailers) throws IOException {
    byte[] end = trailers.getBytes(UTF_8);
    int framed = length > 0 ? frame() : 0;
    byte[] bytes = Arrays.copyOf(chunk, framed + LAST_CHUNK.length + end.length);
    System.arraycopy(LAST_CHUNK, 0, bytes, framed, LAST_CHUNK.length);
    System.arraycopy(end, 0, bytes, framed + LAST_CHUNK.length, end.length);
    send(bytes, bytes.length);
  }

  /** Puts the size line (four hex digits) and the line end round the bytes gathered. */
  private int frame() {
    byte[] size = "%04x\r\n".formatted(length).getBytes(UTF_8);
    System.arraycopy(size, 0, chunk, 0, SIZE_LINE);
    int end = SIZE_LINE + length;
    chunk[end] = '\r';
    chunk[end + 1] = '\n';
    length = 0;
    return end + 2;
  }

  private void send(byte[] bytes, int count) throws IOException {
    if (head.length == 0) {
      connection.send(bytes, 0, count);
      return;
    }
    byte[] all = Arrays.copyOf(head, head.length + count);
    System.arraycopy(bytes, 0, all, head.length, count);
    head = new byte[0];
    connection.send(all, 0, all.length);
  }
}
