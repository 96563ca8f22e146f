package dev.weir.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weir.http.Endpoint;
import dev.weir.store.ObjectReader.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

@SuppressWarnings("NullAway.Init") // the server is started before each test
class ObjectReaderTest {

  private record Answer(int status, String body) {}

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private HttpServer server;
  private ObjectReader objects;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          heard.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          Answer answer = answers.removeFirst();
          byte[] body = answer.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    objects =
        new ObjectReader(
            "b",
            new Endpoint(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "eu-west-1"),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static Answer page(String next, String... keys) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name>");
    for (String key : keys) {
      xml.append("<Contents><Key>")
          .append(key)
          .append("</Key><ETag>v</ETag><Size>7</Size></Contents>");
    }
    if (!next.isEmpty()) {
      xml.append("<NextContinuationToken>").append(next).append("</NextContinuationToken>");
    }
    return new Answer(200, xml.append("</ListBucketResult>").toString());
  }

  @Test
  void pages_of_a_list_are_followed() throws IOException {
    answers.add(page("t/1=", "p/a", "p/b &amp; c"));
    answers.add(page("", "p/d"));

    assertThat(objects.list("p/", 10))
        .containsExactly(
            new Entry("p/a", 7, "v"), new Entry("p/b & c", 7, "v"), new Entry("p/d", 7, "v"));
    assertThat(heard.get(0)).isEqualTo("GET /b?list-type=2&prefix=p%2F");
    assertThat(heard.get(1)).contains("/eu-west-1/s3/aws4_request");
    assertThat(heard.get(2)).contains("continuation-token=t%2F1%3D");
  }

  @Test
  void no_more_pages_are_asked_for_than_are_wanted() throws IOException {
    answers.add(page("t", "p/a", "p/b"));

    assertThat(objects.list("p/", 1)).containsExactly(new Entry("p/a", 7, "v"));
  }

  @Test
  void an_object_is_read_by_any_key() throws IOException {
    answers.add(new Answer(200, "content"));

    try (InputStream in = objects.open("p/2026/a b+c.jsonl")) {
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("content");
    }
    assertThat(heard.getFirst()).isEqualTo("GET /b/p/2026/a%20b%2Bc.jsonl");
  }

  @Test
  void a_failure_is_tried_three_times() throws IOException {
    answers.add(new Answer(503, ""));
    answers.add(new Answer(500, "x"));
    answers.add(new Answer(200, "content"));
    objects.open("k").close();
    assertThat(heard).hasSize(6);

    answers.addAll(List.of(new Answer(403, ""), new Answer(403, ""), new Answer(403, "")));
    assertThatThrownBy(() -> objects.open("k")).hasMessage("S3 answered 403");
  }

  @Test
  void what_is_no_list_is_no_empty_list() {
    answers.add(new Answer(200, "<html>"));

    assertThatThrownBy(() -> objects.list("p", 1)).hasMessage("S3 answered no list");
  }
}
