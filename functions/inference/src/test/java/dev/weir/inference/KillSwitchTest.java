package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KillSwitchTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
          + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\"}}]}";

  private final TestStack stack = new TestStack();

  private void turnOff(String what) {
    stack.switches.turnOff(new Off(Target.parse(what), 0, "ann", "a leak"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "tenant:acme", "key:k1", "model:m", "door:chat", "tool:look_up"})
  void a_call_of_what_is_off_is_refused_before_anything_is_reserved(String what) {
    turnOff(what);

    Client.Reply reply = stack.client("acme").post(CHAT);

    assertThat(reply.status).isEqualTo(403);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("switched_off");
    assertThat(reply.json().path("error").path("message").asText()).contains(what + ": a leak");
    assertThat(reply.header("x-should-retry")).isEqualTo("false");
    assertThat(stack.limiter.asks).isEmpty();
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.logged()).contains("\"weir.switched_off\":1");
  }

  @Test
  void an_answer_kept_for_an_idempotency_key_is_not_replayed_while_its_model_is_off() {
    Client.Reply first = stack.client("acme").post(CHAT, "idempotency-key", "k");
    assertThat(first.status).isEqualTo(200);
    turnOff("model:m");
    stack.later(Duration.ofSeconds(2));

    assertThat(stack.client("acme").post(CHAT, "idempotency-key", "k").status).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenant:other", "key:k2", "model:n", "door:embeddings", "tool:other"})
  void a_call_of_anything_else_passes(String what) {
    turnOff(what);

    assertThat(stack.client("acme").post(CHAT).status).isEqualTo(200);
  }

  @Test
  void a_running_stream_ends_in_an_error_event_and_is_settled() {
    CountDownLatch never = new CountDownLatch(1);
    stack.model.hangsAfter(
        3,
        () -> {
          turnOff("model:m");
          never.await();
        });

    Client.Reply reply = stack.client("acme").post(CHAT.replaceFirst("\\{", "{\"stream\":true,"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.text())
        .contains("\"code\":\"switched_off\"", "model:m")
        .doesNotContain("[DONE]");
    assertThat(reply.closed).isTrue();
    assertThat(stack.limiter.settled).hasSize(1);
    assertThat(stack.ledger.only().outcome()).isEqualTo("switched_off");
    assertThat(stack.ledger.only().estimated()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
