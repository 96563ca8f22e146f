package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/** Clients that leave, and queues that are full. */
final class CancellationTest extends StageTest {
  private static final String BODY =
      "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hello there\"}]}]}";

  private static void slowly() throws Exception {
    stage.control("POST", "pace", "{\"tokensPerSecond\":0.05}");
  }

  private static void atOnce() throws Exception {
    stage.control("POST", "pace", "{\"tokensPerSecond\":0}");
  }

  private static Heard stream(String model) {
    return new Heard(stage.async, request -> request.modelId(model).messages(HELLO));
  }

  private static ConverseResponse converse(String model) {
    return stage.sync.converse(request -> request.modelId(model).messages(HELLO));
  }

  /** Sends a request over HTTP/1.1 and returns the open connection. */
  private static Socket send(String operation) throws Exception {
    Socket socket = new Socket(stage.address.getHost(), stage.address.getPort());
    String request =
        "POST /model/%s/%s HTTP/1.1\r\nHost: x\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=%s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(Stage.QUEUED, operation, "0".repeat(64), BODY.length(), BODY);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static boolean eventually(String counter, long value) throws Exception {
    return Stage.eventually(() -> stage.counted(counter) == value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"converse", "converse-stream"})
  void who_leaves_over_http1_is_counted_and_the_next_is_answered(String operation)
      throws Exception {
    slowly();
    try (Socket leaving = send(operation)) {
      assertThat(eventually("inFlight", 1)).isTrue();
      assertThat(leaving.isConnected()).isTrue();
    }

    assertThat(eventually("cancelled", 1)).isTrue();
    atOnce();
    assertThat(converse(Stage.QUEUED).usage().outputTokens()).isEqualTo(4);
    assertThat(stage.counted("inFlight")).isZero();
  }

  @Test
  void who_leaves_over_http2_is_counted_and_the_next_is_answered() throws Exception {
    slowly();
    List<Heard> leaving = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Heard heard = stream(Stage.QUEUED);
      leaving.add(heard);
      assertThat(eventually("inFlight", 1)).isTrue();
      heard.end.cancel(true);
      assertThat(eventually("cancelled", i)).isTrue();
    }
    atOnce();

    Heard next = stream(Stage.QUEUED);

    assertThat(next.failure()).isEmpty();
    assertThat(next.text()).isEqualTo("Scripted answer: Hello there");
    assertThat(stage.counted("completed")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stallBeforeHeaders", "stallBeforeFirst", "stallAfter"})
  void who_leaves_a_stall_is_counted(String kind) throws Exception {
    stage.fault("{\"kind\":\"" + kind + "\",\"afterEvents\":1}");
    try (Socket leaving = send("converse-stream")) {
      assertThat(eventually("inFlight", 1)).isTrue();
      assertThat(leaving.isConnected()).isTrue();
    }

    assertThat(eventually("cancelled", 1)).isTrue();
  }

  @Test
  void a_full_queue_throttles() throws Exception {
    slowly();
    Heard first = stream(Stage.QUEUED);
    assertThat(eventually("inFlight", 1)).isTrue();
    Heard waiting = stream(Stage.QUEUED);
    assertThat(eventually("inFlight", 2)).isTrue();
    Thread.sleep(300);

    assertThatThrownBy(() -> converse(Stage.QUEUED)).isInstanceOf(ThrottlingException.class);

    first.end.cancel(true);
    waiting.end.cancel(true);
    assertThat(eventually("cancelled", 2)).isTrue();
  }

  @Test
  void who_leaves_the_queue_gives_up_the_place() throws Exception {
    slowly();
    Heard first = stream(Stage.QUEUED);
    assertThat(eventually("inFlight", 1)).isTrue();
    Heard leaving = stream(Stage.QUEUED);
    assertThat(eventually("inFlight", 2)).isTrue();
    leaving.end.cancel(true);
    assertThat(eventually("cancelled", 1)).isTrue();
    CompletableFuture<ConverseResponse> waiting =
        CompletableFuture.supplyAsync(() -> converse(Stage.QUEUED));
    assertThat(eventually("inFlight", 2)).isTrue();
    atOnce();
    first.end.cancel(true);

    assertThat(waiting.get().usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void a_kept_connection_serves_the_next_request_after_the_look_for_the_client() throws Exception {
    stage.control("POST", "pace", "{\"tokensPerSecond\":5}");

    assertThat(converse(Stage.SCRIPTED).usage().outputTokens()).isEqualTo(4);
    assertThat(converse(Stage.SCRIPTED).usage().outputTokens()).isEqualTo(4);

    JsonNode calls = stage.control("GET", "calls", "");
    assertThat(calls.path("calls")).hasSize(1);
    assertThat(stage.counted("completed")).isEqualTo(2);
    assertThat(stage.counted("outputTokens")).isEqualTo(8);
    assertThat(stage.counted("inputTokens")).isEqualTo(4);
  }
}
