package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Dimension;
import dev.weir.inference.ScriptedModel.Script;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.LedgerRow;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelCall;
import dev.weir.model.StopReason;
import dev.weir.telemetry.Emitted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ladder of {@code docs/degradation.md}, rung by rung. */
class DegradationTest {

  private static final String CHAT =
      "{\"model\":\"r\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String CACHEABLE =
      CHAT.replace("{\"model\"", "{\"temperature\":0,\"model\"");
  private static final String OWN = "vendor.r";
  private static final String SAME = "us.vendor.r";
  private static final String SMALL = "vendor.s";
  private static final List<String> CHAIN = List.of(OWN, SAME, SMALL);
  private static final Map<String, Long> INPUT_PICO =
      Map.of(OWN, 1_000_000L, SAME, 1_100_000L, SMALL, 100_000L);

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static String streamed(String chat) {
    return chat.replaceFirst("\\{", "{\"stream\":true,");
  }

  private List<String> asked() {
    return stack.model.calls.stream().map(ModelCall::modelId).toList();
  }

  private void fails(Script failure, String... targets) {
    Set<String> failing = Set.of(targets);
    stack.model.says(call ->
        failing.contains(call.modelId()) ? failure : ScriptedModel.whole(ScriptedModel.HELLO));
  }

  /** A fault, where it leads when the first 1, 2 and 3 targets have it, and its last status. */
  private record Row(Script script, int status, boolean isCharged, List<List<String>> ladders) {}

  private static final List<List<String>> RETRIED =
      List.of(
          List.of(OWN, OWN, SAME), List.of(OWN, OWN, SAME, SMALL), List.of(OWN, OWN, SAME, SMALL));
  private static final List<List<String>> NEXT =
      List.of(List.of(OWN, SAME), List.of(OWN, SAME, SMALL), List.of(OWN, SAME, SMALL));
  private static final List<List<String>> EMPTIED =
      List.of(List.of(OWN, SAME), List.of(OWN, SAME, SMALL), List.of(OWN, SAME, SMALL, SMALL));

  private static Map<String, Row> table() {
    return Map.ofEntries(
        Map.entry("429", new Row(ScriptedModel.fault(Kind.THROTTLED), 429, false, NEXT)),
        Map.entry("quota", new Row(ScriptedModel.fault(Kind.QUOTA_EXCEEDED), 429, false, NEXT)),
        Map.entry("500", new Row(ScriptedModel.fault(Kind.INTERNAL), 502, false, RETRIED)),
        Map.entry("503", new Row(ScriptedModel.fault(Kind.UNAVAILABLE), 503, false, RETRIED)),
        Map.entry("not ready", new Row(ScriptedModel.fault(Kind.NOT_READY), 503, false, NEXT)),
        Map.entry("424", new Row(ScriptedModel.fault(Kind.MODEL_ERROR), 502, true, NEXT)),
        Map.entry("408", new Row(ScriptedModel.fault(Kind.MODEL_TIMEOUT), 504, true, NEXT)),
        Map.entry("no connection", new Row(ScriptedModel.fault(Kind.CONNECTION), 503, false, NEXT)),
        Map.entry("reset", new Row(ScriptedModel.fault(Kind.RESET), 503, true, RETRIED)),
        Map.entry("hang", new Row(ScriptedModel.fault(Kind.STALLED), 504, true, NEXT)),
        Map.entry("slow first token", new Row(ScriptedModel.fault(Kind.STALLED), 504, true, NEXT)),
        Map.entry("broken frame", new Row(ScriptedModel.cutAfter(1), 502, true, NEXT)),
        Map.entry(
            "empty", new Row(ScriptedModel.text("", StopReason.END_TURN), 502, true, EMPTIED)),
        Map.entry("denied", new Row(ScriptedModel.fault(Kind.ACCESS_DENIED), 502, false, NEXT)));
  }

  static Stream<Arguments> matrix() {
    return table().keySet().stream()
        .sorted()
        .flatMap(fault ->
            Stream.of(1, 2, 3)
                .flatMap(failing ->
                    Stream.of(false, true).map(stream -> Arguments.of(fault, failing, stream))));
  }

  /** C34: wire attempts per client call never exceed what is configured. */
  @ParameterizedTest(name = "{0} at the first {1}, stream: {2}")
  @MethodSource("matrix")
  void each_fault_at_each_target_leads_where_the_table_says(
      String fault, int failing, boolean stream) {
    Row row = table().getOrDefault(fault, table().values().iterator().next());
    fails(row.script(), CHAIN.subList(0, failing).toArray(String[]::new));
    List<String> ladder = row.ladders().get(failing - 1);

    Client.Reply reply = client.post(stream ? streamed(CHAT) : CHAT);

    assertThat(asked()).isEqualTo(ladder).hasSizeLessThanOrEqualTo(4);
    boolean isAnswered = failing < 3;
    assertThat(reply.status).isEqualTo(isAnswered ? 200 : row.status());
    assertThat(reply.header("x-weir-attempts")).isEqualTo(Integer.toString(ladder.size()));
    if (isAnswered) {
      assertThat(reply.header("x-weir-model")).isEqualTo(ladder.getLast());
      assertThat(reply.header("x-weir-degraded"))
          .isEqualTo(failing == 1 ? "same-model" : "smaller-model");
    } else {
      assertThat(reply.headers).doesNotContainKey("x-weir-degraded");
      assertThat(reply.text()).contains("tried " + OWN).contains(SMALL);
    }
    if (Set.of(429, 503).contains(reply.status)) {
      assertThat(Long.parseLong(reply.header("retry-after"))).isPositive();
    }
    LadderBooks.assertBooked(stack, ladder, INPUT_PICO, row.isCharged(), isAnswered);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void after_the_first_content_has_left_nothing_is_asked_again(boolean stream) {
    fails(ScriptedModel.cutAfter(3), OWN);

    Client.Reply reply = client.post(stream ? streamed(CHAT) : CHAT);

    assertThat(asked()).isEqualTo(stream ? List.of(OWN) : List.of(OWN, SAME));
    assertThat(reply.text().contains("upstream_cut")).isEqualTo(stream);
    assertThat(reply.text().contains("[DONE]")).isFalse();
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"INVALID", "REFUSED", "DEADLINE", "CANCELLED"})
  void what_no_other_target_would_change_is_not_tried_again(Kind kind) {
    stack.model.says(ScriptedModel.fault(kind));

    client.post(CHAT);

    assertThat(asked()).containsExactly(OWN);
  }

  @Test
  void a_request_that_only_a_stand_in_refuses_is_not_called_invalid() {
    stack.model.says(
        call -> ScriptedModel.fault(call.modelId().equals(OWN) ? Kind.THROTTLED : Kind.INVALID));

    Client.Reply reply = client.post(CHAT);

    assertThat(asked()).isEqualTo(CHAIN);
    assertThat(reply.status).isEqualTo(429);
    assertThat(reply.text()).contains("us.vendor.r: invalid");
  }

  @ParameterizedTest
  @EnumSource(
      value = Dimension.class,
      names = {"REQUESTS", "TOKENS", "CONCURRENCY", "DAY_BUDGET", "KEY", "UNAVAILABLE"})
  void a_refusal_of_the_gateways_own_is_never_retried(Dimension dimension) {
    stack.limiter.refuseWith(dimension);

    client.post(CHAT);

    assertThat(asked()).isEmpty();
  }

  @Test
  void without_a_retry_saved_up_the_next_target_is_asked_at_once() {
    TestStack poor = new TestStack(() -> 0);
    poor.model.says(call ->
        call.modelId().equals(OWN)
            ? ScriptedModel.fault(Kind.UNAVAILABLE)
            : ScriptedModel.whole(ScriptedModel.HELLO));

    poor.client("acme").post(CHAT);

    assertThat(poor.model.calls).extracting(ModelCall::modelId).containsExactly(OWN, SAME);
  }

  @Test
  void a_target_that_asks_for_a_wait_is_not_asked_before_it() {
    fails(
        new Script(
            List.of(),
            new Ending.Failed(
                new Fault(Kind.UNAVAILABLE, "Busy", Optional.of(Duration.ofMillis(1500))))),
        OWN);
    client.post(CHAT);
    assertThat(stack.pauses).containsExactly(Duration.ofMillis(1500));

    TestStack longer = new TestStack();
    longer.model.says(
        new Script(
            List.of(),
            new Ending.Failed(
                new Fault(Kind.UNAVAILABLE, "Busy", Optional.of(Duration.ofSeconds(30))))));
    Client.Reply reply = longer.client("acme").post(CHAT);
    assertThat(longer.model.calls).extracting(ModelCall::modelId).isEqualTo(CHAIN);
    assertThat(Long.parseLong(reply.header("retry-after"))).isBetween(29L, 30L);
  }

  /** C38: a target whose window is too small is passed over, and so is one that cannot do it. */
  @Test
  void targets_that_cannot_take_the_request_are_passed_over() {
    stack.model.says(call ->
        call.modelId().equals("vendor.picky")
            ? ScriptedModel.fault(Kind.THROTTLED)
            : ScriptedModel.whole(ScriptedModel.HELLO));
    String image = "data:image/png;base64,iVBORw0KGgo=";
    String chat =
        """
        {"model":"picky","max_tokens":50,"messages":[{"role":"user","content":[
          {"type":"text","text":"hi"},{"type":"image_url","image_url":{"url":"%s"}}]}],
         "tools":[{"type":"function","function":{"name":"f"}}]}
        """
            .formatted(image);

    Client.Reply reply = client.post(chat);

    assertThat(reply.status).as(reply.text()).isEqualTo(200);
    assertThat(asked()).containsExactly("vendor.picky", "vendor.kept");
  }

  /** C9: a stand-in is only asked if what is left of the reservation covers its price. */
  @Test
  void a_dearer_target_is_passed_over_when_the_budget_only_covers_the_own_price() {
    stack.model.says(call ->
        call.modelId().equals("vendor.dearer")
            ? ScriptedModel.fault(Kind.THROTTLED)
            : ScriptedModel.whole(ScriptedModel.HELLO));
    stack.limiter.budgetMicroUsd = 20;

    Client.Reply reply = client.post(CHAT.replace("\"r\"", "\"dearer\""));

    assertThat(reply.status).as(reply.text()).isEqualTo(200);
    assertThat(asked()).containsExactly("vendor.dearer", SMALL);
  }

  @Test
  void an_allow_list_holds_for_stand_ins() {
    stack.limiter.allowed = Set.of("picky");
    stack.model.says(ScriptedModel.fault(Kind.THROTTLED));

    Client.Reply reply = client.post(CHAT.replace("\"r\"", "\"picky\""));

    assertThat(asked()).doesNotContain("vendor.kept").contains("vendor.picky");
    assertThat(reply.text()).contains("vendor.kept: not allowed");
  }

  @Test
  void a_stand_in_whose_own_model_is_switched_off_is_passed_over() {
    stack.switches.turnOff(new Off(Target.parse("model:kept"), 0, "ann", "a leak"));
    stack.model.says(ScriptedModel.fault(Kind.THROTTLED));

    Client.Reply reply = client.post(CHAT.replace("\"r\"", "\"picky\""));

    assertThat(asked()).doesNotContain("vendor.kept").contains("vendor.picky");
    assertThat(reply.text()).contains("vendor.kept: switched off");
  }

  @Test
  void a_stand_ins_answer_is_not_kept_under_the_models_key() {
    fails(ScriptedModel.fault(Kind.THROTTLED), OWN);
    client.post(CACHEABLE);

    assertThat(client.post(CACHEABLE).header("x-weir-cache")).isEqualTo("miss");
    assertThat(asked()).containsExactly(OWN, SAME, OWN, SAME);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void when_no_target_answers_an_expired_answer_does(boolean stream) {
    client.post(CACHEABLE);
    stack.later(Duration.ofSeconds(100));
    stack.model.says(ScriptedModel.fault(Kind.STALLED));

    Client.Reply reply = client.post(stream ? streamed(CACHEABLE) : CACHEABLE);

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-cache")).isEqualTo("stale");
    assertThat(reply.header("x-weir-degraded")).isEqualTo("stale-answer");
    assertThat(reply.header("x-weir-attempts")).isEqualTo("3");
    assertThat(Long.parseLong(reply.header("age"))).isBetween(100L, 110L);
    assertThat(reply.text()).contains("Hel");
    LedgerRow row = stack.ledger.rows.getLast();
    assertThat(row.outcome()).isEqualTo("stale");
    assertThat(row.cost().microUsd()).isPositive();
    assertThat(reply.header("x-weir-cost-microusd"))
        .isEqualTo(Long.toString(row.cost().microUsd()));
    assertThat(stack.limiter.settled).hasSize(2);
    // The one that follows while the mark is open, and the one after it, have it too.
    assertThat(client.post(CACHEABLE).header("x-weir-cache")).isEqualTo("stale");
    stack.later(Duration.ofSeconds(60));
    assertThat(client.post(CACHEABLE).header("x-weir-cache")).isEqualTo("stale");
  }

  @Test
  void an_expired_answer_is_not_kept_for_an_idempotency_key() {
    client.post(CACHEABLE);
    stack.later(Duration.ofSeconds(100));
    stack.model.says(ScriptedModel.fault(Kind.STALLED));
    client.post(CACHEABLE, "idempotency-key", "k");
    Client.Reply again = client.post(CACHEABLE, "idempotency-key", "k");

    assertThat(again.header("x-weir-idempotency")).isEmpty();
    assertThat(again.header("x-weir-cache")).isEqualTo("stale");
  }

  @Test
  void an_answer_that_is_too_old_or_a_request_that_is_wrong_is_an_error() {
    client.post(CACHEABLE);
    stack.later(Duration.ofSeconds(100));
    stack.model.says(ScriptedModel.fault(Kind.INVALID));
    assertThat(client.post(CACHEABLE).status).isEqualTo(400);

    stack.later(Duration.ofSeconds(600));
    stack.model.says(ScriptedModel.fault(Kind.THROTTLED));
    assertThat(client.post(CACHEABLE).status).isEqualTo(429);
  }

  /** Else one tenant could close a model to all others. */
  @Test
  void what_a_request_can_bring_about_opens_no_breaker() {
    fails(ScriptedModel.text("", StopReason.END_TURN), OWN, SAME, SMALL);
    for (int i = 0; i < 30; i++) {
      client.post(CHAT);
    }
    assertThat(stack.logged()).doesNotContain("breaker_opened");
  }

  /** C37: with every breaker open, 503 with the earliest reopen time. */
  @Test
  void a_chain_of_open_breakers_is_a_503_with_the_time_of_the_next_probe() {
    stack.model.says(ScriptedModel.fault(Kind.NOT_READY));
    for (int call = 0; call < 5; call++) {
      client.post(CHAT);
      assertThat(stack.model.calls).hasSize(3 * (call + 1));
    }
    stack.later(Duration.ofSeconds(3));

    Client.Reply reply = client.post(CHAT);

    assertThat(stack.model.calls).hasSize(15);
    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.header("x-weir-attempts")).isEqualTo("0");
    assertThat(Long.parseLong(reply.header("retry-after"))).isBetween(6L, 7L);
    assertThat(reply.text()).contains("breaker open");
    assertThat(stack.logged())
        .contains("\"weir.breaker.open\":3")
        .contains("\"message\":\"breaker_opened\"");
    Emitted.keep("weir.breaker.open", stack.logged());
    // C35: a retry at that time reaches a model.
    stack.later(Duration.ofMillis(Long.parseLong(reply.header("retry-after-ms"))));
    stack.model.says(ScriptedModel.whole(ScriptedModel.HELLO));
    assertThat(client.post(CHAT).status).isEqualTo(200);
    assertThat(stack.logged()).contains("\"message\":\"breaker_closed\"");
  }

  @Test
  void a_probe_that_meets_a_wrong_request_frees_the_target_all_the_same() {
    stack.model.says(ScriptedModel.fault(Kind.NOT_READY));
    for (int call = 0; call < 5; call++) {
      client.post(CHAT);
    }
    stack.later(Duration.ofSeconds(10));

    stack.model.says(ScriptedModel.fault(Kind.INVALID));
    assertThat(client.post(CHAT).status).isEqualTo(400);

    stack.model.says(ScriptedModel.whole(ScriptedModel.HELLO));
    assertThat(client.post(CHAT).header("x-weir-model")).isEqualTo(OWN);
  }

  @Test
  void a_healthy_call_reads_the_breaker_once_in_two_seconds_and_never_without_stand_ins() {
    for (int call = 0; call < 20; call++) {
      client.post(CHAT.replace("\"r\"", "\"m\""));
    }
    assertThat(stack.storeRequests.get()).isZero();

    for (int call = 0; call < 20; call++) {
      client.post(CHAT);
    }
    assertThat(stack.storeRequests.get()).isEqualTo(1);
    stack.later(Duration.ofSeconds(2));
    client.post(CHAT);
    assertThat(stack.storeRequests.get()).isEqualTo(2);
  }

  @Test
  void a_truncated_answer_and_a_refusal_pass_and_are_never_kept() {
    for (StopReason reason : List.of(StopReason.MAX_TOKENS, StopReason.CONTENT_FILTERED)) {
      stack.model.calls.clear();
      stack.model.says(ScriptedModel.text("half", reason));

      assertThat(client.post(CACHEABLE).status).isEqualTo(200);
      assertThat(client.post(CACHEABLE).status).isEqualTo(200);

      assertThat(asked()).containsExactly(OWN, OWN);
    }
  }

  private static final String AS_JSON =
      CHAT.replaceFirst(
          "\\{",
          "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
              + "\"schema\":{\"type\":\"object\",\"required\":[\"a\"]}}},");

  @ParameterizedTest
  @ValueSource(strings = {"Sure! {\"a\":1}", "{\"b\":1}", "[1]", "{\"a\":1"})
  void an_answer_that_is_not_the_json_asked_for_is_repaired_once(String wrong) {
    stack.model.says(call ->
        ScriptedModel.text(
            stack.model.calls.size() == 1 ? wrong : "{\"a\":1}", StopReason.END_TURN));

    Client.Reply reply = client.post(AS_JSON);

    assertThat(reply.status).isEqualTo(200);
    assertThat(asked()).containsExactly(OWN, OWN);
    assertThat(stack.model.calls.getLast().request().messages()).hasSize(2);
    assertThat(stack.ledger.only().cost().picoUsd()).isEqualTo(2 * (20 + 3 * 2) * 1_000_000L);
  }

  @Test
  void an_answer_that_cannot_be_repaired_is_a_502_that_says_it_was_charged() {
    stack.model.says(ScriptedModel.text("no json", StopReason.END_TURN));

    Client.Reply reply = client.post(AS_JSON);

    assertThat(reply.status).isEqualTo(502);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("invalid_model_output");
    assertThat(reply.text()).contains("charged");
    assertThat(reply.header("x-should-retry")).isEqualTo("false");
    assertThat(asked()).containsExactly(OWN, OWN);
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("52");
  }

  @Test
  void what_is_streamed_truncated_or_a_tool_call_is_not_held_to_the_format() {
    stack.model.says(ScriptedModel.text("no json", StopReason.END_TURN));
    assertThat(client.post(streamed(AS_JSON)).status).isEqualTo(200);
    stack.model.says(ScriptedModel.text("{\"a\":", StopReason.MAX_TOKENS));
    assertThat(client.post(AS_JSON).status).isEqualTo(200);
    stack.model.says(ScriptedModel.whole(ScriptedModel.HELLO));
    assertThat(client.post(AS_JSON).status).isEqualTo(200);
  }

  @Test
  void an_attempt_leaves_half_of_the_time_to_the_next_target() {
    stack.model.says(ScriptedModel.fault(Kind.STALLED));
    client.post(CHAT);

    // 30 s in all, first content within 5 s: nothing to share out yet.
    assertThat(stack.model.deadlines)
        .allSatisfy(
            deadline -> assertThat(deadline.firstContent()).isEqualTo(Duration.ofSeconds(5)));
    stack.model.calls.clear();
    stack.model.deadlines.clear();
    client.remaining(9_000).post(CHAT);
    assertThat(stack.model.deadlines.getFirst().firstContent())
        .isBetween(Duration.ofMillis(2500), Duration.ofMillis(3000));
    assertThat(stack.model.deadlines.getLast().firstContent()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void the_step_the_retries_and_each_hop_are_in_the_log_line() {
    fails(ScriptedModel.fault(Kind.UNAVAILABLE), OWN);

    client.post(CHAT);

    assertThat(stack.logged())
        .contains("\"weir.retries\":1")
        .contains("\"weir.degraded\":1")
        .contains("\"weir.degraded.same-model\":1")
        .contains("\"hops\":\"vendor.r=unavailable vendor.r=unavailable us.vendor.r=complete\"")
        .contains("\"gen_ai.response.model\":\"us.vendor.r\"");
  }

  @Test
  void a_call_that_fits_only_without_room_for_lost_attempts_is_admitted() {
    client.post(CHAT);
    long prompt = (stack.limiter.asks.getFirst().tokens() - 50) / 4;
    stack.limiter.budgetMicroUsd = prompt + 50 * 2;

    assertThat(client.post(CHAT).status).isEqualTo(200);
    assertThat(stack.limiter.asks.getLast().tokens()).isEqualTo(prompt + 50);
  }
}
