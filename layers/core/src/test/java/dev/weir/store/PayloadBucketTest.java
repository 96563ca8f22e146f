package dev.weir.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.weir.hash.Sha256;
import dev.weir.http.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

@SuppressWarnings("NullAway.Init") // the server is started before each test
class PayloadBucketTest {

  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer server;
  private PayloadBucket bucket;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          heard.add(new String(body, UTF_8));
          heard.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256")));
          heard.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    bucket =
        new PayloadBucket(
            "b",
            new Endpoint(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "eu-west-1"),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void an_object_is_put_whole_and_signed_for_s3() throws IOException {
    bucket.put("payloads/acme/r.json", "{}".getBytes(UTF_8));

    assertThat(heard.subList(0, 3))
        .containsExactly(
            "PUT /b/payloads/acme/r.json",
            "{}",
            HexFormat.of().formatHex(Sha256.of("{}".getBytes(UTF_8))));
    assertThat(heard.get(3)).contains("/eu-west-1/s3/aws4_request");
  }

  @Test
  void a_refusal_is_an_exception() {
    status = 403;

    assertThatThrownBy(() -> bucket.put("k", new byte[0])).hasMessage("S3 answered 403");
  }
}
