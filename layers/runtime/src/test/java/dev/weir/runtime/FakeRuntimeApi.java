package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Runtime API that hands out the events it is given and keeps every request, chunk by chunk. */
final class FakeRuntimeApi implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final AtomicInteger waiting = new AtomicInteger();
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Posted> posts = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
  private final List<String> paths = new ArrayList<>();

  private record Event(String id, byte[] body, boolean lost, boolean cut) {}

  /** A request with a body; {@code chunks} is empty for one sent whole. */
  record Posted(
      String path,
      Map<String, String> headers,
      List<String> chunks,
      String body,
      Map<String, String> trailers) {}

  FakeRuntimeApi() throws IOException {
    Thread.startVirtualThread(() -> {
      while (!server.isClosed()) {
        try {
          var socket = server.accept();
          Thread.startVirtualThread(() -> serve(socket));
        } catch (IOException e) {
          return;
        }
      }
    });
  }

  String endpoint() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  void offer(String id, String body) {
    events.add(new Event(id, body.getBytes(UTF_8), false, false));
  }

  /** Closes the connection of the next request for an event instead of answering it. */
  void loseConnection() {
    events.add(new Event("", new byte[0], true, false));
  }

  /** Hands out an event and cuts the connection when its answer begins. */
  void offerAndCut(String id) {
    events.add(new Event(id, new byte[0], false, true));
  }

  Posted posted() throws InterruptedException {
    return present(posts.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
  }

  String chunk() throws InterruptedException {
    return present(chunks.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
  }

  synchronized List<String> paths() {
    return List.copyOf(paths);
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new AssertionError("nothing arrived");
    }
    return value;
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      boolean cut = false;
      while (true) {
        var request = line(in).split(" ");
        var headers = headers(in);
        synchronized (this) {
          paths.add(request[1]);
        }
        if (cut) {
          return;
        }
        if (request[1].endsWith("/next")) {
          var event =
              request[1].contains("invocation") ? take() : new Event("", new byte[0], false, false);
          if (event.lost()) {
            return;
          }
          cut = event.cut();
          reply(socket, event);
        } else {
          posts.add(post(request[1], headers, in));
          socket
              .getOutputStream()
              .write("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
        }
      }
    } catch (IOException | InterruptedException e) {
      // The runtime let the connection go, or the test is over.
    }
  }

  private Event take() throws InterruptedException {
    waiting.incrementAndGet();
    try {
      return events.take();
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static void reply(Socket socket, Event event) throws IOException {
    var head =
        """
        HTTP/1.1 200 OK\r
        Lambda-Runtime-Aws-Request-Id: %s\r
        Lambda-Runtime-Deadline-Ms: 1060000\r
        Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:000000000000:function:f\r
        Lambda-Runtime-Trace-Id: Root=1-2-3\r
        Content-Length: %d\r
        \r
        """
            .formatted(event.id(), event.body().length);
    socket.getOutputStream().write(head.getBytes(UTF_8));
    socket.getOutputStream().write(event.body());
  }

  private Posted post(String path, Map<String, String> headers, InputStream in) throws IOException {
    if (!headers.containsKey("transfer-encoding")) {
      var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      var body = new String(in.readNBytes(length), UTF_8);
      return new Posted(path, headers, List.of(), body, Map.of());
    }
    var all = new ByteArrayOutputStream();
    var seen = new ArrayList<String>();
    for (int size = size(in); size > 0; size = size(in)) {
      byte[] chunk = in.readNBytes(size);
      all.write(chunk);
      seen.add(new String(chunk, UTF_8));
      chunks.add(new String(chunk, UTF_8));
      line(in);
    }
    return new Posted(path, headers, seen, all.toString(UTF_8), headers(in));
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new HashMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var parts = line.split(": ?", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
