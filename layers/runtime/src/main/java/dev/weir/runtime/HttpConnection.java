package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 keep-alive connection. No library client fits: trailers must be sent, a reply must
 * be readable after its request ended long ago, and start-up counts.
 */
final class HttpConnection implements Closeable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /**
   * A reply with its whole body.
   *
   * @param headers by lower-case name
   */
  record Reply(int status, Map<String, String> headers, byte[] body) {}

  HttpConnection(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Sends these bytes at once. */
  void send(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  /** Waits for a reply, for ever. */
  Reply read() throws IOException {
    String[] statusLine = line().split(" ", 3);
    if (statusLine.length < 2) {
      throw new IOException("not an HTTP reply");
    }
    var headers = headers();
    return new Reply(Integer.parseInt(statusLine[1]), headers, body(headers));
  }

  private Map<String, String> headers() throws IOException {
    var headers = new HashMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(bytes(size));
      line();
    }
    headers();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the Runtime API closed the connection");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the Runtime API closed the connection");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
