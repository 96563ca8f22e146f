package dev.weir.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HttpServerTest {
  private HttpServer server;

  HttpServerTest() throws IOException {
    server = new HttpServer(0, _ -> {});
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Socket connect(HttpServer.Handler handler) throws IOException {
    server.close();
    server = new HttpServer(0, handler);
    return new Socket("127.0.0.1", server.port());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(UTF_8));
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
  }

  private static void answer(Exchange exchange, String body) throws IOException {
    exchange.respond(200, new Headers(), body.getBytes(UTF_8));
  }

  /** The whole response to a request that closes its connection. */
  private static String last(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  @Test
  void a_chunked_body_is_read_with_its_trailers() throws Exception {
    try (var socket =
        connect(exchange -> {
          var body = new String(exchange.body().readAllBytes(), UTF_8);
          answer(exchange, body + exchange.trailers().last("x-end").orElse("?"));
        })) {
      send(
          socket,
          "POST / HTTP/1.1\nTransfer-Encoding: chunked\nConnection: close\n\n"
              + "3\nabc\n2;note\nde\n0\nX-End: !\n\n");

      assertThat(last(socket)).endsWith("abcde!");
    }
  }

  @Test
  void a_read_of_a_body_gives_what_has_come() throws Exception {
    var parts = new LinkedBlockingQueue<String>();
    try (var socket =
        connect(exchange -> {
          var buffer = new byte[100];
          int count = exchange.body().read(buffer);
          parts.add(new String(buffer, 0, count, UTF_8));
          exchange.body().readAllBytes();
          answer(exchange, "");
        })) {
      send(socket, "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\nabc\n");

      assertThat(parts.poll(10, TimeUnit.SECONDS)).isEqualTo("abc");
    }
  }

  @Test
  void requests_sent_at_once_are_answered_in_order() throws Exception {
    try (var socket = connect(exchange -> answer(exchange, exchange.path()))) {
      send(socket, "GET /1 HTTP/1.1\n\nGET /2 HTTP/1.1\n\nGET /3 HTTP/1.1\nConnection: close\n\n");

      assertThat(
              last(socket)
                  .lines()
                  .filter(line -> line.startsWith("/"))
                  .map(it -> it.substring(0, 2)))
          .containsExactly("/1", "/2", "/3");
    }
  }

  @Test
  void a_streamed_chunk_leaves_at_once() throws Exception {
    var go = new CountDownLatch(1);
    try (var socket =
        connect(exchange -> {
          try (var out = exchange.stream(200, new Headers())) {
            out.write("one".getBytes(UTF_8));
            go.await();
            out.write("two".getBytes(UTF_8));
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        })) {
      send(socket, "GET / HTTP/1.1\nConnection: close\n\n");
      var head = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
      assertThat(read(socket, head.length() + 8)).isEqualTo(head + "3\r\none\r\n");
      go.countDown();

      assertThat(last(socket)).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
    }
  }

  @Test
  void a_client_that_leaves_is_noticed_while_nothing_is_written() throws Exception {
    var gone = new CompletableFuture<Void>();
    var connectionEnded = new AtomicBoolean();
    var handler =
        new HttpServer.Handler() {
          @Override
          public void handle(Exchange exchange) throws IOException {
            exchange.body().readAllBytes();
            exchange.onDisconnect(() -> gone.complete(null));
            gone.join();
          }

          @Override
          public void ended(Object connection) {
            connectionEnded.set(true);
          }
        };
    try (var socket = connect(handler)) {
      send(socket, "POST / HTTP/1.1\nContent-Length: 1\n\nx");
    }

    gone.get(10, TimeUnit.SECONDS);
    await().untilTrue(connectionEnded);
  }

  @Test
  void a_client_that_asks_may_send_its_body() throws Exception {
    try (var socket =
        connect(exchange -> answer(exchange, new String(exchange.body().readAllBytes(), UTF_8)))) {
      send(
          socket,
          "POST / HTTP/1.1\nContent-Length: 2\nExpect: 100-continue\nConnection: close\n\n");
      var interim = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(read(socket, interim.length())).isEqualTo(interim);
      send(socket, "ok");

      assertThat(last(socket)).endsWith("ok");
    }
  }

  @Test
  void an_answer_given_before_the_body_was_read_is_not_lost() throws Exception {
    try (var socket = connect(exchange -> answer(exchange, "enough"))) {
      send(socket, "POST / HTTP/1.1\nContent-Length: 3000000\nConnection: close\n\n");
      send(socket, "x".repeat(3_000_000));

      assertThat(last(socket)).endsWith("enough");
    }
  }

  @Test
  void a_line_end_in_a_header_value_begins_no_other_field() throws Exception {
    try (var socket =
        connect(
            exchange -> exchange.respond(204, Headers.of("X", "a\r\nInjected: b"), new byte[0]))) {
      send(socket, "GET / HTTP/1.1\nConnection: close\n\n");

      assertThat(last(socket)).contains("X: a  Injected: b\r\n");
    }
  }

  @Test
  void an_aborted_exchange_has_no_end() throws Exception {
    try (var socket =
        connect(exchange -> {
          exchange.stream(200, new Headers()).write('x');
          exchange.abort();
        })) {
      send(socket, "GET / HTTP/1.1\n\n");

      assertThat(last(socket)).endsWith("1\r\nx\r\n");
    }
  }

  @Test
  void what_is_no_http_closes_the_connection() throws Exception {
    try (var socket = connect(exchange -> answer(exchange, "x"))) {
      send(socket, "hello\n\n");

      assertThat(last(socket)).isEmpty();
    }
  }
}
