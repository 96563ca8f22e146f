package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.http.Endpoint;
import dev.weir.remediation.Stage.Answer;
import dev.weir.store.Item;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeHandlerTest {

  private volatile Answer answer = Answer.ok("{\"pong\":\"ping\"}");
  private volatile int delayMillis;
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> headers = new CopyOnWriteArrayList<>();
  private final Stage stage =
      new Stage((exchange, body) -> {
        bodies.add(body);
        for (String name : List.of("Target-Variant", "Target-Model", "Inference-Component")) {
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amzn-SageMaker-" + name))
              .ifPresent(value -> headers.add(name + " " + value));
        }
        pause(delayMillis);
        return answer;
      });
  private final ProbeHandler handler =
      new ProbeHandler(
          new EndpointCalls(stage.endpoint(), Stage.CREDENTIALS), stage.table, stage.log);

  ProbeHandlerTest() throws IOException {}

  @AfterEach
  void stop() {
    stage.close();
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void the_sample_is_asked_until_enough_answers_are_right() throws IOException {
    JsonNode reply = stage.call(handler, Stage.event("probe"));

    assertThat(reply.path("ok").asBoolean()).isTrue();
    assertThat(reply.path("tried").asInt()).isEqualTo(4);
    assertThat(reply.path("good").asInt()).isEqualTo(4);
    assertThat(reply.path("reasons")).isEmpty();
    assertThat(bodies).hasSize(4).allMatch(body -> body.equals("{\"inputs\":\"ping\"}"));
    assertThat(stage.heard.getFirst()).isEqualTo("POST /endpoints/chat/invocations");
    assertThat(headers).contains("Target-Variant AllTraffic");
  }

  @Test
  void an_answer_without_what_is_expected_is_wrong() throws IOException {
    answer = Answer.ok("{\"pong\":\"nothing\"}");

    JsonNode reply = stage.call(handler, Stage.event("probe"));

    assertThat(reply.path("ok").asBoolean()).isFalse();
    assertThat(reply.path("tried").asInt()).isEqualTo(2);
    assertThat(reply.path("reasons").toString()).isEqualTo("[\"WRONG_ANSWER\"]");
  }

  @Test
  void a_failing_endpoint_is_told_by_its_status() throws IOException {
    answer = new Answer(500, new byte[0]);

    assertThat(
            stage
                .call(handler, "{\"endpoint\":\"chat\",\"n\":1,\"k\":1}")
                .path("reasons")
                .toString())
        .isEqualTo("[\"STATUS_500\"]");
  }

  @Test
  void a_slow_answer_is_not_good() throws IOException {
    delayMillis = 30;

    JsonNode reply =
        stage.call(handler, "{\"endpoint\":\"chat\",\"n\":1,\"k\":1,\"budgetMillis\":\"5\"}");

    assertThat(reply.path("reasons").toString()).isEqualTo("[\"SLOW\"]");
    assertThat(reply.path("p95Millis").asLong()).isGreaterThanOrEqualTo(30);
  }

  @Test
  void an_endpoint_that_does_not_answer_in_the_time_left_is_timed_out() throws IOException {
    delayMillis = 2000;

    JsonNode reply = stage.call(handler, "{\"endpoint\":\"chat\",\"n\":1,\"k\":1}", 2050);

    assertThat(reply.path("reasons").toString()).isEqualTo("[\"TIMEOUT\"]");
  }

  @Test
  void without_time_nothing_is_asked() throws IOException {
    JsonNode reply = stage.call(handler, "{\"endpoint\":\"chat\"}", 2000);

    assertThat(reply.path("ok").asBoolean()).isFalse();
    assertThat(reply.path("tried").asInt()).isZero();
    assertThat(reply.path("reasons").toString()).isEqualTo("[\"NO_TIME\"]");
  }

  @Test
  void an_endpoint_that_is_not_there_is_not_connected() throws IOException {
    ProbeHandler nowhere =
        new ProbeHandler(
            new EndpointCalls(
                new Endpoint(URI.create("http://127.0.0.1:1"), "eu-west-1"), Stage.CREDENTIALS),
            stage.table,
            stage.log);

    assertThat(
            stage
                .call(nowhere, "{\"endpoint\":\"chat\",\"n\":1,\"k\":1}")
                .path("reasons")
                .toString())
        .isEqualTo("[\"NOT_CONNECTED\"]");
  }

  @Test
  void without_a_sample_a_container_that_refuses_an_empty_object_serves() throws IOException {
    answer = new Answer(424, "{\"OriginalStatusCode\": 400}".getBytes(UTF_8));

    assertThat(stage.call(handler, "{\"endpoint\":\"chat\"}").path("ok").asBoolean()).isTrue();
    assertThat(bodies.getFirst()).isEqualTo("{}");

    answer = new Answer(424, "{\"OriginalStatusCode\": 500}".getBytes(UTF_8));
    assertThat(stage.call(handler, "{\"endpoint\":\"chat\"}").path("ok").asBoolean()).isFalse();
  }

  @Test
  void the_sample_kept_for_an_endpoint_is_taken() throws IOException {
    stage.table.write(
        "PROBE",
        "endpoint/chat",
        Optional.empty(),
        Item.EMPTY
            .with("contentType", "text/csv")
            .with("body", "1,2")
            .with("expect", "pong")
            .with("component", "c1"));

    assertThat(stage.call(handler, "{\"endpoint\":\"chat\"}").path("ok").asBoolean()).isTrue();
    assertThat(bodies.getFirst()).isEqualTo("1,2");
    assertThat(headers).contains("Inference-Component c1");

    answer = new Answer(424, "{\"OriginalStatusCode\": 400}".getBytes(UTF_8));
    assertThat(stage.call(handler, "{\"endpoint\":\"chat\"}").path("reasons").toString())
        .isEqualTo("[\"STATUS_424\"]");
  }

  @Test
  void a_warm_up_asks_one_model_until_it_is_quick() throws IOException {
    JsonNode reply =
        stage.call(
            handler,
            "{\"endpoint\":\"chat\",\"mode\":\"warm-up\",\"targetModel\":\"a.tar.gz\","
                + "\"component\":\"c\",\"budgetMillis\":5000,\"n\":20}");

    assertThat(reply.path("ok").asBoolean()).isTrue();
    assertThat(reply.path("tried").asInt()).isEqualTo(5);
    assertThat(headers).contains("Target-Model a.tar.gz", "Inference-Component c");
  }

  @Test
  void names_and_numbers_are_checked() {
    for (String event :
        List.of(
            "{}",
            "{\"endpoint\":\"a/b\"}",
            "{\"endpoint\":\"chat\",\"n\":1.5}",
            "{\"endpoint\":\"chat\",\"n\":\"five\"}",
            "{\"endpoint\":\"chat\",\"mode\":\"hot\"}")) {
      assertThatThrownBy(() -> stage.call(handler, event))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(stage.heard).isEmpty();
  }
}
