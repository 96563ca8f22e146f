package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.sagemaker.TestClients;
import dev.weir.telemetry.Emitted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CaptureTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"I am ann@example.com, my key is AK"
          + "IAQWERTYUIOP234567\"}]}";

  private final TestStack stack = new TestStack();

  private void wanted() {
    stack.limiter.capture = Optional.of(Instant.now().plus(Duration.ofDays(1)));
  }

  @Test
  void nothing_is_kept_of_a_tenant_that_has_not_asked_for_it() {
    stack.client("acme").post(CHAT);

    assertThat(stack.captured).isEmpty();
  }

  @Test
  void nothing_is_kept_once_its_time_is_over() {
    stack.limiter.capture = Optional.of(Instant.now().minusSeconds(1));
    stack.client("acme").post(CHAT);

    assertThat(stack.captured).isEmpty();
  }

  @Test
  void request_and_answer_are_kept_without_secrets_and_personal_data() {
    wanted();
    Client.Reply reply = stack.client("acme").post(CHAT);

    assertThat(stack.captured).hasSize(1);
    stack.captured.forEach((key, payload) -> {
      assertThat(key)
          .startsWith("payloads/acme/")
          .endsWith("/" + reply.header("x-request-id") + ".json");
      assertThat(payload)
          .contains("\"outcome\":\"complete\"", "\"request\":{", "\"answer\":{", "[SECRET]")
          .doesNotContain("AKIA", "ann@example.com");
      assertThat(stack.logged()).contains("\"capture\":\"" + key);
    });
  }

  @Test
  void a_bucket_that_does_not_take_it_costs_a_line_and_not_the_call() {
    wanted();
    stack.captureBroken = true;

    assertThat(stack.client("acme").post(CHAT).status).isEqualTo(200);
    assertThat(stack.ledger.only().outcome()).isEqualTo("complete");
    assertThat(stack.logged()).contains("\"weir.capture.failures\":1");
    Emitted.keep("weir.capture.failures", stack.logged());
  }

  private static final Instant TOMORROW = Instant.now().plus(Duration.ofDays(1));

  private static String only(Map<String, String> captured) {
    assertThat(captured).hasSize(1);
    return captured.values().iterator().next();
  }

  @Test
  void a_response_is_kept_as_it_was_asked_for() {
    wanted();
    stack
        .responses("acme")
        .post("{\"model\":\"m\",\"input\":\"mail ann@example.com\",\"stream\":true}");

    assertThat(only(stack.captured))
        .contains("\"input\":\"mail [", "\"answer\":{", "Hello")
        .doesNotContain("ann@example.com");
  }

  @Test
  void of_vectors_the_texts_are_kept_and_how_many_there_were() {
    EmbeddingStack embeddings = new EmbeddingStack();
    String body = "{\"model\":\"one\",\"input\":[\"ann@example.com\",\"two\"]}";
    embeddings.client("acme").post(body);
    assertThat(embeddings.captured).isEmpty();
    embeddings.limiter.capture = Optional.of(TOMORROW);

    embeddings.client("acme").post(body);
    embeddings.client("acme").post(body.replace("two", "three"));

    assertThat(embeddings.captured).hasSize(2);
    assertThat(embeddings.captured.values())
        .allSatisfy(payload ->
            assertThat(payload)
                .contains("\"answer\":{\"vectors\":2,\"dimensions\":4}")
                .doesNotContain("ann@example.com"))
        .anySatisfy(payload -> assertThat(payload).contains("\"outcome\":\"cache_hit\""))
        .anySatisfy(payload -> assertThat(payload).contains("three", "\"outcome\":\"complete\""));
  }

  @Test
  void of_endpoints_json_and_text_are_kept_and_of_other_bytes_what_they_were() throws IOException {
    try (EndpointStack endpoints =
        new EndpointStack(wire ->
            wire.json(200, "{\"to\":\"ann@example.com\"}", "Content-Type: application/json"))) {
      endpoints.limiter.capture = Optional.of(TOMORROW);
      endpoints.invoke("any", "{\"from\":\"bob@example.com\"}", "content-type", "application/json");
      endpoints.invoke("any", "mail bob@example.com", "content-type", "text/plain");
      endpoints.invoke("any", "bob@example.com", "content-type", "application/octet-stream");
      endpoints.invoke("any", "no {json", "content-type", "application/json");

      assertThat(endpoints.captured).hasSize(4);
      assertThat(endpoints.captured.values())
          .allSatisfy(payload ->
              assertThat(payload)
                  .contains("\"answer\":{\"to\":\"[")
                  .doesNotContain("ann@example.com", "bob@example.com"))
          .anySatisfy(payload -> assertThat(payload).contains("\"request\":{\"from\":\"["))
          .anySatisfy(payload -> assertThat(payload).contains("\"request\":\"mail ["))
          .anySatisfy(payload ->
              assertThat(payload)
                  .contains(
                      "{\"contentType\":\"application/octet-stream\",\"bytes\":15,\"sha256\":\""));
    }
  }

  @Test
  void of_a_stream_of_bytes_only_their_number_is_kept() throws IOException {
    try (EndpointStack endpoints =
        new EndpointStack(wire -> {
          wire.status(200, "x-amzn-SageMaker-Content-Type: text/plain");
          wire.chunk(TestClients.part("ann@example.com"));
          wire.end();
        })) {
      endpoints.limiter.capture = Optional.of(TOMORROW);
      endpoints.invoke("any", "hi", "content-type", "text/plain", "x-weir-mode", "stream");

      assertThat(only(endpoints.captured))
          .contains("\"answer\":{\"contentType\":\"text/plain\",\"bytes\":15}");
    }
  }

  @Test
  void an_answer_from_the_cache_is_kept_too() {
    wanted();
    String equal = CHAT.replace("\"max_tokens\":50", "\"max_tokens\":50,\"temperature\":0");
    stack.client("acme").post(equal);
    stack.client("acme").post(equal);

    assertThat(stack.captured).hasSize(2);
  }
}
