package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.admission.Dimension;
import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Usage;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingFlowTest {

  private final EmbeddingStack stack = new EmbeddingStack();
  private final Client client = stack.client("acme");

  private static String ask(String model, String... texts) {
    return "{\"model\":\"%s\",\"input\":[%s]}"
        .formatted(
            model,
            List.of(texts).stream()
                .map(text -> "\"" + text + "\"")
                .collect(Collectors.joining(",")));
  }

  private static void isVectorOf(JsonNode reply, int index, String text) {
    JsonNode one = reply.path("data").path(index);
    assertThat(one.path("index").asInt()).isEqualTo(index);
    assertThat((float) one.path("embedding").path(0).asDouble())
        .isEqualTo(FakeEmbeddings.first(text));
  }

  @Test
  void every_input_has_its_vector_in_order() {
    Client.Reply reply = client.post(ask("one", "a", "b", "c"));

    assertThat(reply.status).isEqualTo(200);
    JsonNode json = reply.json();
    assertThat(json.path("object").asText()).isEqualTo("list");
    assertThat(json.path("model").asText()).isEqualTo("one");
    assertThat(json.at("/data/0/embedding")).hasSize(4);
    isVectorOf(json, 0, "a");
    isVectorOf(json, 1, "b");
    isVectorOf(json, 2, "c");
    assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(9);
    assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(9);
    assertThat(stack.model.calls).hasSize(3).allMatch(call -> call.texts().size() == 1);
  }

  @Test
  void a_model_that_takes_many_is_asked_once() {
    Client.Reply reply = client.post(ask("many", "a", "b", "c"));

    isVectorOf(reply.json(), 2, "c");
    EmbeddingCall call = stack.model.calls.getFirst();
    assertThat(stack.model.calls).hasSize(1);
    assertThat(call.texts()).containsExactly("a", "b", "c");
    assertThat(call.inputType()).contains(InputType.SEARCH_DOCUMENT);
    assertThat(reply.header("x-weir-attempts")).isEqualTo("1");
  }

  @Test
  void more_than_a_model_takes_go_in_several_requests() {
    String[] texts = IntStream.range(0, 200).mapToObj(i -> "t" + i).toArray(String[]::new);

    Client.Reply reply = client.post(ask("many", texts));

    assertThat(stack.model.calls.stream().map(call -> call.texts().size()))
        .containsExactlyInAnyOrder(96, 96, 8);
    isVectorOf(reply.json(), 199, "t199");
  }

  @Test
  void one_reservation_one_settlement_and_one_row_for_a_call() {
    Client.Reply reply = client.post(ask("one", "a", "b"));

    assertThat(stack.limiter.asks).hasSize(1);
    assertThat(stack.limiter.asks.getFirst().tokens()).isGreaterThanOrEqualTo(6);
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(6, 6));
    LedgerRow row = stack.ledger.only();
    assertThat(row.outcome()).isEqualTo("complete");
    assertThat(row.usage()).isEqualTo(Usage.of(6, 0));
    assertThat(row.estimated()).isFalse();
    assertThat(row.hops()).hasSize(1);
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("6");
    assertThat(reply.header("x-weir-model")).isEqualTo("vendor.one");
    assertThat(reply.header("x-weir-cache")).isEqualTo("miss");
    assertThat(reply.header("x-weir-guard")).isEqualTo("allowed");
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(stack.logged()).contains("\"gen_ai.operation.name\":\"embeddings\"");
  }

  @Test
  void every_decision_is_audited() {
    client.post(ask("one", "a"));
    client.post(ask("one", "a"));
    stack.switches.turnOff(new Off(new Target(Target.Kind.MODEL, "many"), 0, "ops", "a drill"));
    stack.later(Duration.ofSeconds(3));
    client.post(ask("many", "a"));

    assertThat(stack.audit.entries)
        .extracting(entry -> entry.action() + " " + entry.decision())
        .containsExactly("embeddings complete", "embeddings cache_hit", "embeddings switched_off");
  }

  @Test
  void equal_inputs_of_a_call_are_asked_and_paid_once() {
    Client.Reply reply = client.post(ask("many", "a", "b", "a", "a"));

    assertThat(stack.model.texts()).containsExactly("a", "b");
    assertThat(stack.ledger.only().usage()).isEqualTo(Usage.of(6, 0));
    isVectorOf(reply.json(), 3, "a");
    assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void what_is_kept_is_not_paid_again() {
    client.post(ask("many", "a", "b"));

    Client.Reply reply = client.post(ask("many", "b", "a"));

    assertThat(stack.model.calls).hasSize(1);
    assertThat(reply.header("x-weir-cache")).isEqualTo("hit");
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("0");
    isVectorOf(reply.json(), 0, "b");
    assertThat(reply.json().at("/usage/prompt_tokens").asInt()).isEqualTo(6);
    LedgerRow row = stack.ledger.rows.getLast();
    assertThat(row.outcome()).isEqualTo("cache_hit");
    assertThat(row.usage()).isEqualTo(Usage.ZERO);
    assertThat(row.served()).isEqualTo(Usage.of(6, 0));
    assertThat(stack.limiter.asks.getLast().tokens()).isZero();
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @Test
  void only_what_is_missing_goes_to_the_model() {
    client.post(ask("many", "a", "b"));

    Client.Reply reply = client.post(ask("many", "c", "a", "d"));

    assertThat(stack.model.calls.getLast().texts()).containsExactly("c", "d");
    assertThat(reply.header("x-weir-cache")).isEqualTo("partial");
    assertThat(stack.ledger.rows.getLast().usage()).isEqualTo(Usage.of(6, 0));
    assertThat(stack.ledger.rows.getLast().served()).isEqualTo(Usage.of(9, 0));
    isVectorOf(reply.json(), 1, "a");
    isVectorOf(reply.json(), 2, "d");
  }

  @Test
  void no_tenant_finds_what_another_has_asked() {
    client.post(ask("one", "a"));
    stack.client("umbra").post(ask("one", "a"));

    assertThat(stack.model.texts()).containsExactly("a", "a");
  }

  @Test
  void another_length_is_another_vector() {
    client.post("{\"model\":\"one\",\"input\":\"a\"}");
    Client.Reply reply = client.post("{\"model\":\"one\",\"input\":\"a\",\"dimensions\":2}");

    assertThat(reply.json().at("/data/0/embedding")).hasSize(2);
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_client_may_leave_the_cache_alone_and_a_model_may_keep_nothing() {
    client.post(ask("one", "a"));
    Client.Reply reply = client.post(ask("one", "a"), "cache-control", "no-store");
    client.post(ask("forgetful", "a"));
    client.post(ask("forgetful", "a"));

    assertThat(reply.header("x-weir-cache")).isEqualTo("off");
    assertThat(stack.model.calls).hasSize(4);
  }

  @Test
  void a_call_reads_once_and_writes_once() {
    client.post(ask("many", "a", "b"));
    assertThat(stack.storeRequests.getAndSet(0)).isEqualTo(2);
    client.post(ask("many", "a", "b"));
    assertThat(stack.storeRequests.get()).isEqualTo(1);
  }

  @Test
  void a_store_that_is_away_costs_hits_and_nothing_else() {
    stack.breakResponses();

    assertThat(client.post(ask("one", "a")).status).isEqualTo(200);
    assertThat(client.post(ask("one", "a")).status).isEqualTo(200);
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void what_came_before_a_failure_is_kept_and_only_the_rest_is_paid_later() {
    stack.model.says(call ->
        call.texts().contains("bad")
            ? FakeEmbeddings.failed(Fault.Kind.INVALID)
            : FakeEmbeddings.vectors(call));

    Client.Reply failed = client.post(ask("one", "a", "b", "bad"));
    stack.model.says(FakeEmbeddings::vectors);
    Client.Reply later = client.post(ask("one", "a", "b", "bad"));

    assertThat(failed.status).isEqualTo(400);
    assertThat(failed.json().at("/error/code").asText()).isEqualTo("upstream_validation");
    assertThat(failed.header("x-weir-cost-microusd")).isEqualTo("6");
    assertThat(stack.ledger.rows.getFirst().outcome()).isEqualTo("invalid");
    assertThat(stack.ledger.rows.getFirst().usage()).isEqualTo(Usage.of(6, 0));
    assertThat(later.header("x-weir-cost-microusd")).isEqualTo("3");
    assertThat(later.header("x-weir-cache")).isEqualTo("partial");
  }

  @Test
  void what_has_certainly_not_run_is_asked_once_more_and_paid_once() {
    AtomicInteger attempts = new AtomicInteger();
    stack.model.says(call ->
        attempts.incrementAndGet() == 1
            ? FakeEmbeddings.failed(Fault.Kind.UNAVAILABLE)
            : FakeEmbeddings.vectors(call));

    Client.Reply reply = client.post(ask("one", "a"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-attempts")).isEqualTo("2");
    assertThat(stack.ledger.only().usage()).isEqualTo(Usage.of(3, 0));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"THROTTLED", "RESET", "DEADLINE", "CUT", "EMPTY", "INVALID", "MODEL_TIMEOUT"})
  void what_is_overloaded_or_may_have_run_is_asked_once(Fault.Kind kind) {
    stack.model.says(call -> FakeEmbeddings.failed(kind));

    client.post(ask("one", "a"));

    assertThat(stack.model.calls).hasSize(1);
  }

  @Test
  void what_may_have_run_is_charged_at_its_bound_and_never_above_what_was_reserved() {
    stack.model.says(call -> FakeEmbeddings.failed(Fault.Kind.RESET));

    Client.Reply reply = client.post(ask("one", "a"));

    assertThat(reply.status).isEqualTo(503);
    LedgerRow row = stack.ledger.only();
    assertThat(row.estimated()).isTrue();
    assertThat(row.usage().inputTokens()).isEqualTo(stack.limiter.asks.getFirst().tokens());
    assertThat(stack.logged()).doesNotContain("under_reservation");
  }

  @Test
  void a_model_that_does_not_count_is_charged_at_the_bound() {
    stack.model.says(FakeEmbeddings::uncounted);

    client.post(ask("many", "a", "b"));

    LedgerRow row = stack.ledger.only();
    assertThat(row.estimated()).isTrue();
    assertThat(row.usage().inputTokens()).isEqualTo(stack.limiter.asks.getFirst().tokens());
  }

  @Test
  void after_a_failure_nothing_more_is_begun() {
    stack.model.says(call -> FakeEmbeddings.failed(Fault.Kind.THROTTLED));
    String[] texts = IntStream.range(0, 100).mapToObj(i -> "t" + i).toArray(String[]::new);

    Client.Reply reply = client.post(ask("one", texts));

    assertThat(reply.status).isEqualTo(429);
    // Four at once, and those whose turn had come before the first answer was heard.
    assertThat(stack.model.calls.size()).isLessThan(100);
    assertThat(stack.ledger.only().usage()).isEqualTo(Usage.ZERO);
  }

  @Test
  void a_target_that_keeps_failing_is_left_alone() {
    stack.model.says(call -> FakeEmbeddings.failed(Fault.Kind.MODEL_TIMEOUT));
    for (int i = 0; i < 6; i++) {
      client.post(ask("one", "t" + i));
    }
    int asked = stack.model.calls.size();

    Client.Reply reply = client.post(ask("one", "again"));

    assertThat(stack.model.calls).hasSize(asked);
    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.header("retry-after")).isNotEmpty();
    assertThat(reply.header("x-weir-attempts")).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"model\":\"m\",\"input\":\"a\"}', 400, model_not_supported",
    "'{\"model\":\"none\",\"input\":\"a\"}', 404, model_not_found",
    "'{\"model\":\"one\",\"input\":\"a\",\"dimensions\":3}', 400, invalid_value",
    "'{\"model\":\"one\",\"input\":\"a\",\"input_type\":\"clustering\"}', 400,"
        + " unsupported_parameter",
    "'{\"model\":\"one\",\"input\":[]}', 400, invalid_value",
  })
  void what_the_model_cannot_do_is_refused_by_name(String body, int status, String code) {
    Client.Reply reply = client.post(body);

    assertThat(reply.status).isEqualTo(status);
    assertThat(reply.json().at("/error/code").asText()).isEqualTo(code);
    assertThat(stack.limiter.asks).isEmpty();
  }

  @Test
  void what_is_too_long_for_the_model_the_stack_or_the_reply_is_refused() {
    String[] many = IntStream.range(0, 2_000).mapToObj(i -> "" + i).toArray(String[]::new);
    String[] long_ =
        IntStream.range(0, 40).mapToObj(i -> i + "x".repeat(900)).toArray(String[]::new);

    assertThat(client.post(ask("one", "x".repeat(101))).json().at("/error/param").asText())
        .isEqualTo("input[0]");
    assertThat(client.post(ask("many", many)).json().at("/error/code").asText())
        .isEqualTo("reply_too_large");
    assertThat(client.post(ask("many", long_)).json().at("/error/code").asText())
        .isEqualTo("context_length_exceeded");
    assertThat(stack.model.calls).isEmpty();
  }

  @Test
  void a_limit_refuses_before_the_model_is_asked_and_hits_only_by_requests() {
    client.post(ask("one", "kept"));
    stack.limiter.refuseWith(Dimension.TOKENS);

    assertThat(client.post(ask("one", "new")).status).isEqualTo(429);
    stack.limiter.refuseWith(Dimension.UNAVAILABLE);
    assertThat(client.post(ask("one", "new")).status).isEqualTo(503);
    assertThat(client.post(ask("one", "kept")).status).isEqualTo(200);
    assertThat(stack.model.calls).hasSize(1);
  }

  @Test
  void what_is_off_is_not_embedded() {
    stack.switches.turnOff(
        new Off(new Target(Target.Kind.DOOR, "embeddings"), 0, "ops", "a drill"));

    Client.Reply reply = client.post(ask("one", "a"));

    assertThat(reply.json().at("/error/code").asText()).isEqualTo("switched_off");
    assertThat(stack.model.calls).isEmpty();
  }

  @Test
  void a_key_that_is_sent_again_is_answered_again_and_not_charged() {
    String body = ask("one", "a", "b");
    Client.Reply first = client.post(body, "idempotency-key", "k1", "cache-control", "no-store");
    Client.Reply second = client.post(body, "idempotency-key", "k1", "cache-control", "no-store");
    Client.Reply other = client.post(ask("one", "c"), "idempotency-key", "k1");

    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("x-weir-idempotency")).isEqualTo("replayed");
    assertThat(stack.model.calls).hasSize(2);
    assertThat(other.status).isEqualTo(409);
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @Test
  void who_has_its_vectors_gets_them_again_at_once() {
    List<Client.Reply> again = new ArrayList<>();
    String body = ask("one", "a");

    stack
        .client("acme")
        .whenAnswered(() -> again.add(client.post(body, "idempotency-key", "k1")))
        .post(body, "idempotency-key", "k1");

    assertThat(again)
        .extracting(reply -> reply.header("x-weir-idempotency"))
        .containsExactly("replayed");
  }

  @Test
  void vectors_that_came_under_another_guard_are_not_served() {
    client.post(ask("one", "a"));
    stack.limiter.guard = Optional.of("local");

    client.post(ask("one", "a"));

    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_guard_set_that_changes_meanwhile_is_heeded() {
    stack.limiter.onReserve = () -> stack.limiter.guard = Optional.of("local");

    Client.Reply reply = client.post(ask("one", "mail jo@example.com"));

    assertThat(stack.model.texts()).noneMatch(text -> text.contains("jo@example.com"));
    assertThat(reply.header("x-weir-guard")).contains("masked input:pii");
    assertThat(stack.limiter.settled.getFirst()).isEqualTo(new FakeAdmission.Settled(0, 0));
  }

  @Test
  void what_the_guardrail_masks_is_embedded_masked_and_not_kept() {
    stack.limiter.guard = Optional.of("remote");

    client.post(ask("one", "a private matter"));
    client.post(ask("one", "a private matter"));

    assertThat(stack.model.texts()).containsExactly("a {NAME} matter", "a {NAME} matter");
    assertThat(stack.ledger.rows.getFirst().guard().cost().picoUsd()).isPositive();
  }

  @Test
  void the_guardrail_is_shown_and_paid_for_what_is_missing_only() {
    stack.limiter.guard = Optional.of("remote");
    client.post(ask("one", "a"));

    client.post(ask("one", "a", "b"));
    client.post(ask("one", "a", "b"));

    assertThat(stack.guardrail.shown.stream().flatMap(shown -> shown.texts().stream()))
        .containsExactly("a", "b");
  }

  @Test
  void a_closed_guardrail_that_is_down_lets_nothing_through_and_gives_back_what_was_reserved() {
    stack.limiter.guard = Optional.of("remote");
    stack.guardrail.isDown = true;

    Client.Reply reply = client.post(ask("one", "a"));

    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(0, 0));
    assertThat(stack.ledger.only().outcome()).isEqualTo("guard_unavailable");
  }

  @Test
  void a_client_that_leaves_is_charged_and_its_vectors_are_kept() {
    stack.client("acme").goingAwayAfter(0).post(ask("one", "a"));
    Client.Reply reply = client.post(ask("one", "a"));

    assertThat(stack.ledger.rows.getFirst().usage()).isEqualTo(Usage.of(3, 0));
    assertThat(reply.header("x-weir-cache")).isEqualTo("hit");
  }

  @Test
  void calls_at_once_share_a_request_and_each_pays_its_own() throws Exception {
    EmbeddingStack shared = new EmbeddingStack(Duration.ofSeconds(2));
    CountDownLatch over = new CountDownLatch(2);
    for (String tenant : List.of("acme", "umbra")) {
      Thread.ofVirtual()
          .start(() -> {
            shared.client(tenant).post(ask("many", tenant + " one", tenant + " two"));
            over.countDown();
          });
    }
    assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(shared.model.calls).hasSize(1);
    assertThat(shared.ledger.rows)
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.usage()).isEqualTo(Usage.of(6, 0)));
    for (Client.Reply reply : shared.replies) {
      assertThat(reply.status).isEqualTo(200);
      assertThat(reply.json().path("data")).hasSize(2);
    }
    shared.client("acme").post(ask("many", "acme one"));
    shared.client("acme").post(ask("many", "umbra one"));
    assertThat(shared.model.calls).hasSize(2);
  }
}
