package dev.weir.local.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A chunked response body: every write leaves at once as one chunk. */
final class ResponseBody extends OutputStream {
  private static final byte[] LAST = "0\r\n\r\n".getBytes(US_ASCII);

  private final OutputStream out;
  private final boolean silent;
  private byte[] head;
  private boolean closed;

  /**
   * @param head the response's head, sent with the first chunk
   * @param silent whether only the head is sent, as for HEAD
   */
  ResponseBody(OutputStream out, byte[] head, boolean silent) {
    this.out = out;
    this.head = head;
    this.silent = silent;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(US_ASCII);
      byte[] chunk = Arrays.copyOf(size, size.length + length + 2);
      System.arraycopy(bytes, offset, chunk, size.length, length);
      chunk[chunk.length - 2] = '\r';
      chunk[chunk.length - 1] = '\n';
      send(chunk);
    }
  }

  /** Sends the head when nothing has been written yet. */
  @Override
  public void flush() throws IOException {
    send(new byte[0]);
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      send(LAST);
    }
  }

  private void send(byte[] chunk) throws IOException {
    byte[] body = silent ? new byte[0] : chunk;
    if (head.length == 0 && body.length == 0) {
      return;
    }
    byte[] all = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    head = new byte[0];
    out.write(all);
  }
}
