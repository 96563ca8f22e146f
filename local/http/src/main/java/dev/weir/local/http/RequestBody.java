package dev.weir.local.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;

/**
 * A request's body, of fixed length or chunked; a read returns what has come, never waits for more.
 */
final class RequestBody extends InputStream {
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  private final InputStream in;
  private final OutputStream out;
  private final boolean chunked;
  private final Runnable whenRead;
  private boolean continueExpected;
  private long left;
  private boolean ended;
  private Headers trailers = new Headers();

  /**
   * @param whenRead runs once, when the last byte has been read
   */
  RequestBody(Headers headers, InputStream in, OutputStream out, Runnable whenRead)
      throws IOException {
    this.in = in;
    this.out = out;
    this.whenRead = whenRead;
    chunked = headers.has("transfer-encoding", "chunked");
    continueExpected = headers.has("expect", "100-continue");
    try {
      left = chunked ? 0 : Long.parseLong(headers.last("content-length").orElse("0"));
    } catch (NumberFormatException e) {
      throw new ProtocolException("bad content length");
    }
    if (!chunked && left == 0) {
      end();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (continueExpected && !ended) {
      continueExpected = false;
      out.write(CONTINUE);
    }
    if (!ended && chunked && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the connection ended within a body");
    }
    left -= count;
    if (left == 0) {
      endPart();
    }
    return count;
  }

  @Override
  public int available() throws IOException {
    return ended ? 0 : (int) Math.min(left, in.available());
  }

  /** Trailer fields, known once the body has been read. */
  Headers trailers() {
    return trailers;
  }

  private void nextChunk() throws IOException {
    try {
      left = Long.parseLong(RequestHead.line(in).split(";", 2)[0].strip(), 16);
    } catch (NumberFormatException e) {
      throw new ProtocolException("bad chunk size");
    }
    if (left == 0) {
      trailers = RequestHead.fields(in);
      end();
    }
  }

  private void endPart() throws IOException {
    if (!chunked) {
      end();
    } else if (!RequestHead.line(in).isEmpty()) {
      throw new ProtocolException("bad chunk end");
    }
  }

  private void end() {
    ended = true;
    whenRead.run();
  }
}
