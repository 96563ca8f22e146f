package dev.weir.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class WholeBodyHttpClientTest {

  private interface Reaction {
    void to(HttpExchange exchange) throws IOException;
  }

  private record Seen(
      String method, List<String> header, String length, String body, int clientPort) {}

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private volatile Reaction reaction = exchange -> reply(exchange, 200, "fine");

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  @Test
  void a_request_arrives_with_its_headers_and_its_body_at_its_length() throws IOException {
    call(post("hällo"));

    assertThat(seen)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.method()).isEqualTo("POST");
          assertThat(request.header()).containsExactly("one", "two");
          assertThat(request.length()).isEqualTo("6");
          assertThat(request.body()).isEqualTo("hällo");
        });
  }

  @Test
  void a_request_without_a_body_sends_none() throws IOException {
    call(HttpExecuteRequest.builder().request(request(SdkHttpMethod.GET)).build());

    assertThat(seen).singleElement().extracting(Seen::method).isEqualTo("GET");
    assertThat(seen).singleElement().extracting(Seen::body).isEqualTo("");
  }

  @Test
  void a_reply_comes_with_status_headers_and_body() throws IOException {
    Reply reply = call(post("x"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header()).isEqualTo("yes");
    assertThat(reply.body()).isEqualTo("fine");
  }

  @Test
  void the_body_of_an_error_is_read_like_any_other() throws IOException {
    reaction = exchange -> reply(exchange, 503, "busy");

    assertThat(call(post("x"))).isEqualTo(new Reply(503, "yes", "busy"));
  }

  @Test
  void a_redirect_is_not_followed() throws IOException {
    reaction =
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          reply(exchange, 302, "there");
        };

    assertThat(call(post("x")).status()).isEqualTo(302);
    assertThat(seen).hasSize(1);
  }

  @Test
  void a_connection_is_kept_for_the_next_request() throws IOException {
    call(post("first"));
    call(post("second"));

    assertThat(seen).extracting(Seen::body).containsExactly("first", "second");
    assertThat(seen.get(1).clientPort()).isEqualTo(seen.get(0).clientPort());
  }

  @Test
  void a_request_that_finds_nobody_says_that_it_never_left() {
    server.stop(0);

    assertThatThrownBy(() -> call(post("x"))).isInstanceOf(NotConnectedException.class);
  }

  @Test
  void a_request_whose_reply_is_lost_is_not_sent_again() throws IOException {
    call(post("first"));
    reaction = HttpExchange::close;

    assertThatThrownBy(() -> call(post("second")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(NotConnectedException.class);
    assertThat(seen).extracting(Seen::body).containsExactly("first", "second");
  }

  @Test
  void silence_ends_at_the_read_timeout() {
    reaction =
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };

    assertThatThrownBy(() -> call(post("x"))).isInstanceOf(SocketTimeoutException.class);
  }

  private record Reply(int status, String header, String body) {}

  private static Reply call(HttpExecuteRequest request) throws IOException {
    WholeBodyHttpClient client =
        new WholeBodyHttpClient(Duration.ofSeconds(5), Duration.ofSeconds(1));
    HttpExecuteResponse response = client.prepareRequest(request).call();
    try (InputStream body = response.responseBody().orElseThrow()) {
      return new Reply(
          response.httpResponse().statusCode(),
          response.httpResponse().firstMatchingHeader("x-seen").orElse(""),
          new String(body.readAllBytes(), UTF_8));
    }
  }

  private HttpExecuteRequest post(String body) {
    return HttpExecuteRequest.builder()
        .request(request(SdkHttpMethod.POST))
        .contentStreamProvider(ContentStreamProvider.fromUtf8String(body))
        .build();
  }

  private SdkHttpRequest request(SdkHttpMethod method) {
    return SdkHttpRequest.builder()
        .method(method)
        .uri(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/path"))
        .appendHeader("x-test", "one")
        .appendHeader("x-test", "two")
        .build();
  }

  private void handle(HttpExchange exchange) throws IOException {
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestHeaders().getOrDefault("x-test", List.of()).stream()
                .sorted()
                .toList(),
            String.valueOf(exchange.getRequestHeaders().getFirst("content-length")),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8),
            exchange.getRemoteAddress().getPort()));
    reaction.to(exchange);
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("x-seen", "yes");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
