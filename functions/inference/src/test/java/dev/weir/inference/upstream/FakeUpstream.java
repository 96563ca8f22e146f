package dev.weir.inference.upstream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server that records every request and answers by a script, down to the bytes and the silences.
 * Connections are kept alive as long as the script ends its responses.
 */
public final class FakeUpstream implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final CountDownLatch clientLeft = new CountDownLatch(1);

  /** What to do with a request. */
  @FunctionalInterface
  public interface Script {
    void answer(Wire wire) throws IOException;
  }

  /** A request as it arrived; header names in lower case. */
  public record Seen(String path, Map<String, String> headers, byte[] body) {}

  public FakeUpstream(Script script) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public List<Seen> seen() {
    return seen;
  }

  public int connections() {
    return connections.size();
  }

  /** Whether the client closed a connection in the midst of a response, within five seconds. */
  public boolean sawClientLeave() throws InterruptedException {
    return clientLeft.await(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Seen request = request(in);
        seen.add(request);
        script.answer(new Wire(socket, in, request.path(), seen.size()));
      }
    } catch (EOFException e) {
      // the script ended the connection, or the client did between two requests
    } catch (IOException e) {
      clientLeft.countDown();
    }
  }

  private static Seen request(InputStream in) throws IOException {
    String[] start = line(in).split(" ");
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Seen(start[1], headers, in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /** One response. */
  public final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String path;
    private final int count;

    Wire(Socket socket, InputStream in, String path, int count) throws IOException {
      this.socket = socket;
      this.in = in;
      this.path = path;
      this.out = socket.getOutputStream();
      this.count = count;
    }

    /** The path of the request. */
    public String path() {
      return path;
    }

    /** How many requests the server has seen, this one included. */
    public int count() {
      return count;
    }

    public void status(int status, String... headers) throws IOException {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      ascii(head.append("Transfer-Encoding: chunked\r\n\r\n").toString());
    }

    public void chunk(byte[] bytes) throws IOException {
      if (bytes.length > 0) {
        ascii(Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        ascii("\r\n");
      }
    }

    public void end() throws IOException {
      ascii("0\r\n\r\n");
    }

    /** A whole JSON response. */
    public void json(int status, String body, String... headers) throws IOException {
      status(status, headers);
      chunk(body.getBytes(StandardCharsets.UTF_8));
      end();
    }

    /** Says nothing more until the client leaves. */
    public void stall() throws IOException {
      while (in.read() >= 0) {
        // a second request on this connection would be read here, and seen by nobody
      }
      clientLeft.countDown();
      throw new EOFException();
    }

    /** Closes the connection where it stands. */
    public void drop() throws IOException {
      socket.close();
      throw new EOFException();
    }

    private void ascii(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
