package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.http.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoDbTest {

  private static final String REQUEST_END = "\r\n\r\n";

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  private final AtomicInteger requests = new AtomicInteger();

  DynamoDbTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void a_limiter_request_that_is_cut_is_made_twice_and_no_more() {
    serve(socket -> {});

    assertThatThrownBy(() -> update(dynamoDb().limiter(Duration.ofSeconds(4))))
        .isInstanceOf(SdkException.class);
    assertThat(requests).hasValue(2);
  }

  @Test
  void any_other_request_that_is_cut_is_made_three_times_and_no_more() {
    serve(socket -> {});

    assertThatThrownBy(() -> update(dynamoDb().standard())).isInstanceOf(SdkException.class);
    assertThat(requests).hasValue(3);
  }

  @Test
  void a_limiter_request_without_an_answer_ends_about_when_its_time_is_over() {
    serve(socket -> Thread.sleep(5_000));
    long start = System.nanoTime();

    assertThatThrownBy(() -> update(dynamoDb().limiter(Duration.ofSeconds(1))))
        .isInstanceOf(SdkException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  private interface Answer {
    void give(Socket socket) throws IOException, InterruptedException;
  }

  /** Reads each request's head, answers it and closes the connection. */
  private void serve(Answer answer) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              Thread.ofVirtual().start(() -> serve(socket, answer));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private void serve(Socket socket, Answer answer) {
    try (socket) {
      StringBuilder head = new StringBuilder();
      int next = socket.getInputStream().read();
      while (next >= 0 && head.indexOf(REQUEST_END) < 0) {
        head.append((char) next);
        next = socket.getInputStream().read();
      }
      if (head.indexOf(REQUEST_END) >= 0) {
        requests.incrementAndGet();
        answer.give(socket);
      }
    } catch (IOException | InterruptedException gone) {
      Thread.currentThread().interrupt();
    }
  }

  private DynamoDb dynamoDb() {
    return new DynamoDb(
        new Endpoint(URI.create("http://127.0.0.1:" + server.getLocalPort()), "us-east-1"),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
        http -> http);
  }

  private static void update(DynamoDbClient client) {
    Update update = new Update();
    update.add("cr", 1);
    update.require("attribute_exists(pk)");
    new TenantTable(client, "tenants").update("acme", update);
  }
}
