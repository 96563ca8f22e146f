package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Dimension;
import dev.weir.idempotency.IdempotencyKey;
import dev.weir.model.Fault;
import dev.weir.model.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Complaint C20: a client that gives up and asks again pays twice. */
class IdempotentChatTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String CACHEABLE = CHAT.replaceFirst("\\{", "{\"temperature\":0,");
  private static final String STREAMED = CHAT.replaceFirst("\\{", "{\"stream\":true,");

  private final TestStack stack = new TestStack();

  private Client.Reply post(String body, String key) {
    return stack.client("acme").post(body, "idempotency-key", key);
  }

  private static String code(Client.Reply reply) {
    return reply.json().path("error").path("code").asText();
  }

  @Test
  void the_same_request_again_gets_the_same_body_for_nothing() {
    Client.Reply first = post(CHAT, "k");
    Client.Reply again = post(CHAT, "k");

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("x-weir-idempotency")).isEqualTo("replayed");
    assertThat(again.header("x-weir-cost-microusd")).isEqualTo("0");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.ledger.rows)
        .extracting(row -> row.outcome() + " " + row.cost().microUsd())
        .containsExactly("complete 34", "replayed 0");
  }

  @Test
  void a_stream_is_replayed_with_the_same_content_and_end() {
    Client.Reply first = post(STREAMED, "k");
    Client.Reply again = post(STREAMED, "k");

    assertThat(again.data().getLast()).isEqualTo("[DONE]");
    assertThat(again.text()).contains("look_up").contains("Hel");
    assertThat(again.data().getFirst()).contains(id(first));
    assertThat(stack.model.calls).hasSize(1);
  }

  static List<String> bodies() {
    return List.of(CHAT, STREAMED, CACHEABLE);
  }

  private static String id(Client.Reply streamed) {
    String data = streamed.data().getFirst();
    int from = data.indexOf("chatcmpl-");
    return data.substring(from, data.indexOf('"', from));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void who_has_the_end_of_its_answer_gets_it_again_at_once(String body) {
    stack.client("acme").post(CACHEABLE);
    List<Client.Reply> again = new ArrayList<>();

    stack
        .client("acme")
        .whenAnswered(() -> again.add(post(body, "k")))
        .post(body, "idempotency-key", "k");

    assertThat(again)
        .extracting(reply -> reply.header("x-weir-idempotency"))
        .containsExactly("replayed");
  }

  @Test
  void another_body_under_the_same_key_is_refused() {
    post(CHAT, "k");

    Client.Reply other = post(CHAT.replace("hi", "ho"), "k");

    assertThat(other.status).isEqualTo(409);
    assertThat(code(other)).isEqualTo("idempotency_key_reused");
    assertThat(other.text()).contains("another body, another door or other headers");
    assertThat(other.header("x-should-retry")).isEqualTo("false");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.limiter.asks).hasSize(1);
  }

  @Test
  void the_key_of_one_tenant_says_nothing_of_anothers() {
    post(CHAT, "k");

    assertThat(stack.client("other").post(CHAT, "idempotency-key", "k").status).isEqualTo(200);
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void of_many_at_once_one_is_asked_and_the_others_are_told_to_come_back() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stack.model.says(call -> {
      asked.countDown();
      await(answer);
      return ScriptedModel.whole(ScriptedModel.HELLO);
    });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Client.Reply> first = threads.submit(() -> post(CHAT, "k"));
      await(asked);
      List<Future<Client.Reply>> others = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        others.add(threads.submit(() -> post(CHAT, "k")));
      }
      for (Future<Client.Reply> other : others) {
        assertThat(other.get().status).isEqualTo(409);
        assertThat(code(other.get())).isEqualTo("idempotency_key_in_use");
        assertThat(other.get().header("retry-after")).isEqualTo("1");
      }
      answer.countDown();
      assertThat(first.get().status).isEqualTo(200);
    }
    assertThat(stack.model.calls).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_client_that_goes_is_answered_to_the_end_and_finds_its_answer() {
    stack.client("acme").goingAwayAfter(2).post(STREAMED, "idempotency-key", "k");

    Client.Reply again = post(STREAMED, "k");

    assertThat(again.data().getLast()).isEqualTo("[DONE]");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.ledger.rows)
        .extracting(row -> row.outcome() + " " + row.cost().microUsd())
        .containsExactly("complete 34", "replayed 0");
  }

  @Test
  void what_failed_may_be_tried_again_under_its_key() {
    stack.model.says(ScriptedModel.fault(Fault.Kind.THROTTLED));
    assertThat(post(CHAT, "k").status).isEqualTo(429);
    stack.model.says(ScriptedModel.whole(ScriptedModel.HELLO));

    assertThat(post(CHAT, "k").status).isEqualTo(200);
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_refusal_by_the_limits_leaves_the_key_free() {
    stack.limiter.refuseWith(Dimension.REQUESTS);
    assertThat(post(CHAT, "k").status).isEqualTo(429);
    stack.limiter.admit();

    assertThat(post(CHAT, "k").status).isEqualTo(200);
  }

  @Test
  void an_answer_that_is_too_large_to_keep_is_not_asked_for_again() {
    stack.model.says(ScriptedModel.text("x".repeat(400_000), StopReason.END_TURN));
    assertThat(post(CHAT, "k").status).isEqualTo(200);

    Client.Reply again = post(CHAT, "k");

    assertThat(again.status).isEqualTo(409);
    assertThat(code(again)).isEqualTo("idempotency_answer_not_kept");
    assertThat(stack.model.calls).hasSize(1);
  }

  @Test
  void an_answer_from_the_cache_is_kept_for_the_key_too() {
    stack.client("acme").post(CACHEABLE);
    Client.Reply hit = post(CACHEABLE, "k");
    Client.Reply again = post(CACHEABLE, "k");

    assertThat(hit.header("x-weir-cache")).isEqualTo("hit");
    assertThat(again.text()).isEqualTo(hit.text());
    assertThat(again.header("x-weir-idempotency")).isEqualTo("replayed");
  }

  @Test
  void when_the_keys_cannot_be_read_nothing_is_asked() {
    stack.breakResponses();

    Client.Reply reply = post(CHAT, "k");

    assertThat(reply.status).isEqualTo(503);
    assertThat(code(reply)).isEqualTo("idempotency_unavailable");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.limiter.asks).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "umläut", "\u0001"})
  void a_key_that_is_none_is_refused(String key) {
    assertThat(code(post(CHAT, key))).isEqualTo("invalid_idempotency_key");
    assertThat(code(post(CHAT, "k".repeat(256)))).isEqualTo("invalid_idempotency_key");
  }

  @Test
  void the_keys_text_is_kept_nowhere() {
    post(CHAT, "canary-key-text");
    post(CHAT, "canary-key-text");

    assertThat(stack.logged()).doesNotContain("canary");
    assertThat(stack.ledger.rows.toString()).doesNotContain("canary");
    assertThat(IdempotencyKey.of("acme", "canary-key-text", "", new byte[0], "").toString())
        .doesNotContain("canary");
  }
}
