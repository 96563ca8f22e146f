package dev.weir.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Optional;

/**
 * The request line and header fields of one request.
 *
 * @param target path and query as sent
 * @param keepAlive whether the client means to send another request
 */
record RequestHead(String method, String target, Headers headers, boolean keepAlive) {
  private static final int LIMIT = 64 * 1024;

  /** The next head on a connection, empty when the client closed it. */
  static Optional<RequestHead> read(InputStream in) throws IOException {
    String line;
    try {
      line = line(in);
    } catch (EOFException e) {
      return Optional.empty();
    }
    String[] parts = line.split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new ProtocolException("not an HTTP/1.1 request line");
    }
    var headers = fields(in);
    boolean keepAlive =
        parts[2].equals("HTTP/1.1")
            ? !headers.has("connection", "close")
            : headers.has("connection", "keep-alive");
    return Optional.of(new RequestHead(parts[0], parts[1], headers, keepAlive));
  }

  /** Header or trailer fields up to the empty line. */
  static Headers fields(InputStream in) throws IOException {
    var headers = new Headers();
    int size = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      size += line.length();
      if (colon < 1 || size > LIMIT) {
        throw new ProtocolException("bad header fields");
      }
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** One line without its end. */
  static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within a line");
      }
      if (line.size() > LIMIT) {
        throw new ProtocolException("line too long");
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
