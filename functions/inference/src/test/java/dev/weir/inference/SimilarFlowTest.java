package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Usage;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import dev.weir.model.StopReason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimilarFlowTest {

  private static final String ASKED = "How do I reset my password?";
  private static final String AGAIN = "How can I reset my password?";

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  @BeforeEach
  void script() {
    stack.model.says(ScriptedModel.text("Like this.", StopReason.END_TURN));
    stack.vectors.says(SimilarFlowTest::vectors);
  }

  /** Questions about passwords have one direction, all others another. */
  private static Reply vectors(EmbeddingCall call) {
    boolean isPassword = call.texts().getFirst().toLowerCase(Locale.ROOT).contains("password");
    float[] vector = isPassword ? new float[] {1, 0.1f, 0, 0} : new float[] {0, 0, 1, 0.1f};
    return new Reply.Vectors(List.of(vector), OptionalLong.of(7));
  }

  private static String ask(String text) {
    return ask(text, "");
  }

  private static String ask(String text, String more) {
    return "{\"model\":\"alike\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(text.replace("\"", "\\\""), more);
  }

  @Test
  void a_question_in_other_words_is_answered_by_the_kept_answer() {
    Client.Reply first = client.post(ask(ASKED));
    Client.Reply second = client.post(ask(AGAIN));

    assertThat(first.header("x-weir-cache")).isEqualTo("miss");
    assertThat(second.status).isEqualTo(200);
    assertThat(second.header("x-weir-cache")).isEqualTo("similar");
    assertThat(Double.parseDouble(second.header("x-weir-similarity"))).isGreaterThan(0.99);
    assertThat(second.header("x-weir-model")).isEqualTo("vendor.alike");
    assertThat(second.json().at("/choices/0/message/content").asText()).isEqualTo("Like this.");
    assertThat(second.json().path("id")).isNotEqualTo(first.json().path("id"));
    assertThat(stack.model.calls).hasSize(1);
  }

  @Test
  void the_search_is_reserved_and_billed_with_the_call() {
    client.post(ask(ASKED));
    client.post(ask(AGAIN));

    LedgerRow paid = stack.ledger.rows.getFirst();
    LedgerRow found = stack.ledger.rows.getLast();
    assertThat(paid.usage()).isEqualTo(Usage.of(27, 3));
    assertThat(paid.hops())
        .extracting(LedgerRow.Hop::target)
        .containsExactly("vendor.one", "vendor.alike");
    assertThat(found.outcome()).isEqualTo("similar_hit");
    assertThat(found.usage()).isEqualTo(Usage.of(7, 0));
    assertThat(found.served()).isEqualTo(Usage.of(20, 3));
    assertThat(found.cost().microUsd()).isEqualTo(7);
    assertThat(stack.replies.getLast().header("x-weir-cost-microusd")).isEqualTo("7");
    assertThat(stack.limiter.settled.getLast()).isEqualTo(new FakeAdmission.Settled(7, 7));
    assertThat(stack.logged()).contains("weir.similar.hits").doesNotContain("under_reservation");
  }

  @Test
  void a_streamed_question_gets_it_as_a_stream() {
    client.post(ask(ASKED));
    Client.Reply reply = client.post(ask(AGAIN, ",\"stream\":true"));

    assertThat(reply.header("x-weir-cache")).isEqualTo("similar");
    assertThat(reply.data().getLast()).isEqualTo("[DONE]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How do I not reset my password?",
        "How do I reset my password in 2 days?",
        "How do I reset my password for Slack?",
        "Where is my bicycle?",
      })
  void a_question_of_another_sense_is_asked(String other) {
    client.post(ask(ASKED));
    Client.Reply reply = client.post(ask(other));

    assertThat(reply.header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.model.calls).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"max_tokens\":20",
        ",\"top_p\":0.5",
        ",\"stop\":\"x\"",
        ",\"response_format\":{\"type\":\"json_object\"}",
      })
  void other_parameters_are_another_partition(String more) {
    client.post(ask(ASKED));
    client.post(ask(AGAIN, more));

    assertThat(stack.model.calls.size()).isGreaterThanOrEqualTo(2);
    assertThat(stack.replies.getLast().header("x-weir-cache")).isNotEqualTo("similar");
  }

  @Test
  void no_tenant_system_prompt_or_guard_set_finds_what_another_has_asked() {
    String system =
        "{\"model\":\"alike\",\"temperature\":0,\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},"
            + "{\"role\":\"user\",\"content\":\"%s\"}]}";
    client.post(ask(ASKED));

    stack.client("umbra").post(ask(AGAIN));
    client.post(system.formatted("Be brief.", AGAIN));
    client.post(system.formatted("Be long.", ASKED));
    stack.limiter.guard = Optional.of("local");
    client.post(ask(AGAIN));

    assertThat(stack.model.calls).hasSize(5);
    assertThat(stack.replies).noneMatch(reply -> reply.header("x-weir-cache").equals("similar"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"alike\",\"messages\":[{\"role\":\"user\",\"content\":\"How can I reset my"
            + " password?\"}]}",
        "{\"model\":\"alike\",\"temperature\":0.5,\"messages\":[{\"role\":\"user\",\"content\":\"How"
            + " can I reset my password?\"}]}",
        "{\"model\":\"alike\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"},{\"role\":\"assistant\",\"content\":\"Hi.\"},{\"role\":\"user\",\"content\":\"How"
            + " can I reset my password?\"}]}",
        "{\"model\":\"alike\",\"temperature\":0,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"messages\":[{\"role\":\"user\",\"content\":\"How"
            + " can I reset my password?\"}]}",
        "{\"model\":\"alike\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}]}]}",
        "{\"model\":\"kept\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"How"
            + " can I reset my password?\"}]}"
      })
  void what_is_not_one_plain_question_at_temperature_0_of_such_a_model_costs_nothing(String body) {
    client.post(body);

    assertThat(stack.vectors.calls).isEmpty();
  }

  @Test
  void who_forbids_the_cache_is_not_looked_for() {
    client.post(ask(ASKED));
    client.post(ask(AGAIN), "cache-control", "no-store");

    assertThat(stack.model.calls).hasSize(2);
    assertThat(stack.vectors.calls).hasSize(1);
  }

  @Test
  void the_same_words_need_no_search() {
    client.post(ask(ASKED));
    Client.Reply reply = client.post(ask(ASKED));

    assertThat(reply.header("x-weir-cache")).isEqualTo("hit");
    assertThat(stack.vectors.calls).hasSize(1);
  }

  @Test
  void an_answer_that_is_over_is_not_served() {
    client.post(ask(ASKED));
    stack.later(Duration.ofSeconds(61));

    assertThat(client.post(ask(AGAIN)).header("x-weir-cache")).isEqualTo("miss");
    assertThat(client.post(ask("How might I reset my password?")).header("x-weir-cache"))
        .isEqualTo("similar");
  }

  @Test
  void only_answers_that_are_kept_are_remembered() {
    stack.model.says(ScriptedModel.text("Cut.", StopReason.MAX_TOKENS));
    client.post(ask(ASKED));
    stack.model.says(ScriptedModel.text("Whole.", StopReason.END_TURN));

    assertThat(client.post(ask(AGAIN)).header("x-weir-cache")).isEqualTo("miss");
  }

  @Test
  void whatever_fails_is_a_miss() {
    client.post(ask(ASKED));
    stack.vectors.says(call -> FakeEmbeddings.failed(Fault.Kind.THROTTLED));
    assertThat(client.post(ask(AGAIN)).status).isEqualTo(200);
    stack.vectors.says(call -> FakeEmbeddings.failed(Fault.Kind.RESET));
    assertThat(client.post(ask("How may I reset my password?")).status).isEqualTo(200);
    stack.vectors.says(SimilarFlowTest::vectors);
    stack.breakResponses();
    assertThat(client.post(ask("How might I reset my password?")).status).isEqualTo(200);

    assertThat(stack.model.calls).hasSize(4);
    LedgerRow reset = stack.ledger.rows.get(2);
    assertThat(reset.estimated()).isTrue();
    assertThat(reset.hops())
        .extracting(LedgerRow.Hop::outcome)
        .containsExactly("reset", "complete");
  }

  @Test
  void an_embedding_model_that_is_off_is_not_asked() {
    stack.switches.turnOff(new Off(new Target(Target.Kind.MODEL, "one"), 0, "ops", "a drill"));

    assertThat(client.post(ask(ASKED)).status).isEqualTo(200);
    assertThat(stack.vectors.calls).isEmpty();
  }

  @Test
  void what_a_guard_masks_is_compared_masked_and_never_leaves() {
    stack.limiter.guard = Optional.of("local");
    client.post(ask("Reset the password of jo@example.com"));

    assertThat(stack.vectors.texts()).noneMatch(text -> text.contains("jo@example.com"));
  }

  @Test
  void an_idempotency_key_replays_it() {
    client.post(ask(ASKED));
    Client.Reply first = client.post(ask(AGAIN), "idempotency-key", "k");
    Client.Reply second = client.post(ask(AGAIN), "idempotency-key", "k");

    assertThat(second.header("x-weir-idempotency")).isEqualTo("replayed");
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(stack.vectors.calls).hasSize(2);
  }

  @Test
  void a_search_takes_one_read_more_and_a_hit_two() {
    client.post(ask("Where is my bicycle?"));
    int miss = stack.storeRequests.getAndSet(0);
    client.post(ask("Where is my bicycle pump?", ",\"top_p\":0.9"));
    stack.storeRequests.set(0);
    client.post(ask("Please tell me where my bicycle is."));
    int hit = stack.storeRequests.get();

    // Read, claim, fill; and the neighbours read twice and written.
    assertThat(miss).isEqualTo(6);
    // Read, claim, abandon; the neighbours and the answer read.
    assertThat(hit).isEqualTo(5);
  }
}
