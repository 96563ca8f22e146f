package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.weir.guard.Samples;
import dev.weir.inference.ScriptedModel.Script;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/cascade.md}. */
class CascadeTest {

  private static final String LITTLE = "vendor.little";
  private static final String BIG = "vendor.big";
  private static final String ALSO_BIG = "us.vendor.big";
  private static final String CASCADE = "x-weir-cascade";

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static String chat(String model, String more) {
    return "{\"model\":\"%s\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi there\"}]%s}"
        .formatted(model, more);
  }

  private static final String CHAT = chat("stacked", "");
  private static final String STREAM = chat("stacked", ",\"stream\":true");

  private static Script text(String text) {
    return ScriptedModel.text(text, StopReason.END_TURN);
  }

  /** What each target says; what is not named says it is large. */
  private void says(Map<String, Script> scripts) {
    stack.model.says(call -> scripts.getOrDefault(call.modelId(), text("large answer")));
  }

  private List<String> asked() {
    return stack.model.calls.stream().map(ModelCall::modelId).toList();
  }

  private static String content(Client.Reply reply) {
    return reply.json().path("choices").path(0).path("message").path("content").asText();
  }

  private static String words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
  }

  @Test
  void a_small_answer_nothing_speaks_against_is_the_answer() {
    says(Map.of(LITTLE, text("small answer")));

    Client.Reply reply = client.post(CHAT);

    assertThat(asked()).containsExactly(LITTLE);
    assertThat(content(reply)).isEqualTo("small answer");
    assertThat(reply.header(CASCADE)).isEqualTo("small");
    assertThat(reply.header("x-weir-model")).isEqualTo(LITTLE);
    assertThat(reply.header("x-weir-attempts")).isEqualTo("1");
    assertThat(reply.header("x-weir-degraded")).isEmpty();
    assertThat(reply.json().path("model").asText()).isEqualTo("stacked");
    assertThat(stack.ledger.only().cascade()).hasValue("small");
    assertThat(stack.ledger.only().target()).isEqualTo(LITTLE);
    assertThat(stack.ledger.only().priceId()).isEqualTo("cheap");
  }

  @Test
  void a_small_answer_is_streamed_once_it_is_whole() {
    says(Map.of(LITTLE, text("small answer")));

    Client.Reply reply = client.post(STREAM);

    assertThat(reply.header(CASCADE)).isEqualTo("small");
    assertThat(String.join("", reply.data())).contains("small answer").endsWith("[DONE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prompt-tokens|,\"stop\":[\"x\"]|PROMPT",
        "tools|,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]|",
        "response-format|,\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":{\"type\":\"object\"}}}|",
        "images|,\"n\":1|IMAGE",
        "tier|,\"metadata\":{\"weir_tier\":\"large\"}|"
      })
  void what_the_request_shows_goes_to_the_large_model_at_once(
      String signal, String more, String change) {
    String chat = chat("stacked", more);
    if ("PROMPT".equals(change)) {
      chat = chat.replace("hi there", words(600));
    } else if ("IMAGE".equals(change)) {
      chat =
          chat.replace(
              "\"hi there\"",
              "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}]");
    }
    says(Map.of(BIG, text("{}")));

    Client.Reply reply = client.post(chat);

    assertThat(reply.status).as(reply.text()).isEqualTo(200);
    assertThat(asked()).containsExactly(BIG);
    assertThat(reply.header(CASCADE)).isEqualTo("escalated; " + signal);
    assertThat(stack.ledger.only().saved()).isEqualTo(Savings.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void what_the_small_answer_shows_escalates_and_nothing_of_it_leaves(String form) {
    Map<String, Script> answers =
        Map.of(
            "truncated", ScriptedModel.text("small and cut", StopReason.MAX_TOKENS),
            "refusal", text("I\u2019m sorry, but I leave it at that, small."),
            "schema",
                ScriptedModel.whole(
                    List.of(
                        new ModelEvent.Started(),
                        new ModelEvent.ToolStarted(0, "c", "small_tool"),
                        new ModelEvent.Stopped(StopReason.TOOL_USE),
                        new ModelEvent.UsageReported(Usage.of(20, 3)))));
    answers.forEach((signal, answer) -> {
      stack.model.calls.clear();
      says(Map.of(LITTLE, answer));

      Client.Reply reply = client.post(chat("stacked", form));

      assertThat(asked()).as(signal).containsExactly(LITTLE, BIG);
      assertThat(reply.header(CASCADE)).isEqualTo("escalated; " + signal);
      assertThat(reply.header("x-weir-attempts")).isEqualTo("2");
      assertThat(reply.text()).contains("large answer").doesNotContain("small");
    });
  }

  @Test
  void both_hops_are_one_reservation_one_settlement_and_one_bill() {
    says(Map.of(LITTLE, ScriptedModel.text("cut", StopReason.MAX_TOKENS)));

    client.post(CHAT);

    LedgerRow row = stack.ledger.only();
    // 20 in and 3 out, of the small model at a tenth of the price.
    long small = 20 * 100_000 + 3 * 200_000;
    long large = 20 * 1_000_000 + 3 * 2_000_000;
    assertThat(row.cost().picoUsd()).isEqualTo(small + large);
    assertThat(row.saved().cascadePicoUsd()).isEqualTo(-small);
    assertThat(row.hops())
        .extracting(LedgerRow.Hop::part, LedgerRow.Hop::target)
        .containsExactly(tuple("small", LITTLE), tuple("large", BIG));
    assertThat(stack.limiter.asks).hasSize(1);
    assertThat(stack.limiter.settled)
        .containsExactly(new FakeAdmission.Settled(46, Math.ceilDiv(small + large, 1_000_000L)));
  }

  @Test
  void what_the_large_model_alone_would_have_cost_is_saved() {
    says(Map.of(LITTLE, text("small answer")));

    client.post(CHAT);

    assertThat(stack.ledger.only().saved())
        .isEqualTo(Savings.byCascade(20 * 900_000 + 3 * 1_800_000));
    assertThat(stack.logged())
        .contains("\"weir.cascade.small\":1", "\"weir.cascade.saved.microusd\":23.4");
  }

  @Test
  void an_escalation_is_counted() {
    client.post(CHAT, "x-weir-tier", "large");

    assertThat(stack.logged())
        .contains("\"weir.cascade.escalated\":1", "\"cascade\":\"escalated; tier\"");
  }

  @Test
  void the_reservation_covers_everything_that_may_be_asked() {
    says(Map.of(LITTLE, ScriptedModel.text("a b c", StopReason.END_TURN)));
    client.post(chat("sampled", ""));
    client.post(chat("graded", ""));
    client.post(chat("sampled", ",\"stream\":true"));

    long large = stack.limiter.asks.getLast().tokens();
    // Three answers of the small model beside the large one's.
    assertThat(stack.limiter.asks.getFirst().tokens()).isEqualTo(4 * large);
    assertThat(stack.limiter.asks.get(1).tokens()).isGreaterThan(3 * large);
    long micro = stack.limiter.asks.getLast().microUsd();
    assertThat(stack.limiter.asks.getFirst().microUsd())
        .isBetween(micro * 13 / 10, micro * 14 / 10);
  }

  @Test
  void a_tenant_without_room_for_a_cascade_gets_the_large_model_alone() {
    client.post(CHAT, "x-weir-tier", "large");
    stack.limiter.budgetMicroUsd = stack.limiter.asks.getFirst().microUsd();

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header(CASCADE)).isEqualTo("escalated; no-room");
    assertThat(asked()).containsExactly(BIG, BIG);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SWITCHED_OFF", "CANCELLED", "GUARD_UNAVAILABLE"},
      mode = EnumSource.Mode.EXCLUDE)
  void however_the_small_model_fails_the_large_one_is_asked_and_the_bill_is_right(Kind kind) {
    says(Map.of(LITTLE, ScriptedModel.fault(kind)));

    for (String chat : List.of(CHAT, STREAM)) {
      stack.model.calls.clear();
      Client.Reply reply = client.post(chat);

      assertThat(reply.status).as(reply.text()).isEqualTo(200);
      assertThat(asked()).containsExactly(LITTLE, BIG);
      assertThat(reply.header(CASCADE)).isEqualTo("escalated; failed");
    }
    LedgerRow row = stack.ledger.rows.getFirst();
    assertThat(row.cost().picoUsd())
        .isEqualTo(row.hops().stream().mapToLong(hop -> hop.cost().picoUsd()).sum());
    assertThat(row.hops().getFirst().cost().picoUsd() > 0)
        .isEqualTo(
            !Billing.isUnused(
                ScriptedModel.fault(kind).ending() instanceof Ending.Failed failed
                    ? failed
                    : new Ending.Complete()));
  }

  @Test
  void an_empty_answer_and_one_that_is_no_json_are_failures() {
    says(Map.of(LITTLE, text("")));
    assertThat(client.post(CHAT).header(CASCADE)).isEqualTo("escalated; failed");

    says(Map.of(LITTLE, text("no json"), BIG, text("{}")));
    Client.Reply reply =
        client.post(chat("stacked", ",\"response_format\":{\"type\":\"json_object\"}"));

    assertThat(reply.header(CASCADE)).isEqualTo("escalated; failed");
    assertThat(content(reply)).isEqualTo("{}");
    assertThat(asked()).containsExactly(LITTLE, BIG, LITTLE, BIG);
  }

  @Test
  void a_cascade_whose_large_model_waits_behind_its_breaker_says_what_was_asked() {
    says(
        Map.of(
            LITTLE, ScriptedModel.text("small and cut", StopReason.MAX_TOKENS),
            BIG, ScriptedModel.fault(Kind.RESET)));
    Client.Reply reply;
    do {
      stack.model.calls.clear();
      reply = client.post(chat("tiered", ""));
    } while (asked().contains(BIG));

    assertThat(reply.text()).contains("breaker open");
    assertThat(asked()).containsExactly(LITTLE);
    assertThat(reply.header("x-weir-attempts")).isEqualTo("1");
    assertThat(reply.header("x-weir-model")).isEqualTo(LITTLE);
    assertThat(reply.header(CASCADE)).isEqualTo("escalated; truncated");
  }

  @Test
  void the_large_model_has_its_whole_ladder() {
    says(
        Map.of(
            LITTLE, ScriptedModel.fault(Kind.THROTTLED),
            BIG, ScriptedModel.fault(Kind.THROTTLED)));

    Client.Reply reply = client.post(CHAT);

    assertThat(asked()).containsExactly(LITTLE, BIG, ALSO_BIG);
    assertThat(reply.header("x-weir-degraded")).isEqualTo("same-model");
    assertThat(reply.header(CASCADE)).isEqualTo("escalated; failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void a_small_answer_is_kept_for_when_the_large_model_does_not_answer(String form) {
    says(
        Map.of(
            LITTLE, ScriptedModel.text("small and cut", StopReason.MAX_TOKENS),
            BIG, ScriptedModel.fault(Kind.THROTTLED),
            ALSO_BIG, ScriptedModel.fault(Kind.MODEL_ERROR)));

    Client.Reply reply = client.post(chat("stacked", form));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.text()).contains("small and cut");
    assertThat(reply.header(CASCADE)).isEqualTo("small; large-failed");
    assertThat(reply.header("x-weir-degraded")).isEqualTo("small-answer");
    assertThat(reply.header("x-weir-attempts")).isEqualTo("3");
    assertThat(reply.header("x-weir-model")).isEqualTo(LITTLE);
    assertThat(stack.logged()).contains("\"weir.degraded.small-answer\":1");
  }

  @Test
  void a_request_the_large_model_refuses_is_not_answered_by_the_small_one() {
    says(
        Map.of(
            LITTLE, ScriptedModel.text("small and cut", StopReason.MAX_TOKENS),
            BIG, ScriptedModel.fault(Kind.INVALID)));

    assertThat(client.post(CHAT).status).isEqualTo(400);
  }

  @Test
  void without_a_small_answer_a_failing_large_model_is_an_error_that_names_both() {
    says(
        Map.of(
            LITTLE, ScriptedModel.fault(Kind.THROTTLED),
            BIG, ScriptedModel.fault(Kind.THROTTLED),
            ALSO_BIG, ScriptedModel.fault(Kind.THROTTLED)));

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.status).isEqualTo(429);
    assertThat(reply.text()).contains(LITTLE, BIG, ALSO_BIG);
    assertThat(reply.header(CASCADE)).isEqualTo("escalated; failed");
  }

  @Test
  void a_client_that_asks_for_the_small_model_gets_its_answer_whatever_it_is() {
    says(Map.of(LITTLE, ScriptedModel.text("small and cut", StopReason.MAX_TOKENS)));

    Client.Reply reply = client.post(CHAT, "x-weir-tier", "small");

    assertThat(asked()).containsExactly(LITTLE);
    assertThat(content(reply)).isEqualTo("small and cut");
  }

  @Test
  void a_tier_that_is_none_is_refused_where_clients_are_heard_and_only_there() {
    assertThat(client.post(CHAT, "x-weir-tier", "medium").status).isEqualTo(400);
    assertThat(client.post(CHAT, "x-weir-tier", "medium").text()).contains("[small, large]");
    assertThat(client.post(chat("graded", ""), "x-weir-tier", "medium").status).isEqualTo(200);
  }

  @Test
  void a_tier_is_another_cached_answer() {
    says(Map.of(LITTLE, text("small answer")));
    String cacheable = chat("stacked", ",\"temperature\":0");

    client.post(cacheable);
    assertThat(client.post(cacheable).header("x-weir-cache")).isEqualTo("hit");
    Client.Reply large = client.post(cacheable, "x-weir-tier", "large");

    assertThat(large.header("x-weir-cache")).isEqualTo("miss");
    assertThat(content(large)).isEqualTo("large answer");
  }

  @Test
  void a_small_answer_in_a_failures_place_is_not_cached() {
    String cacheable = chat("stacked", ",\"temperature\":0");
    says(
        Map.of(
            LITTLE, text("I do not know."),
            BIG, ScriptedModel.fault(Kind.THROTTLED),
            ALSO_BIG, ScriptedModel.fault(Kind.THROTTLED)));
    client.post(cacheable);
    says(Map.of(LITTLE, text("I do not know.")));

    assertThat(content(client.post(cacheable))).isEqualTo("large answer");
  }

  @Test
  void a_key_that_may_not_use_the_small_model_goes_past_it() {
    stack.limiter.allowed = Set.of("stacked");

    assertThat(client.post(CHAT).header(CASCADE)).isEqualTo("escalated; not-allowed");
    assertThat(asked()).containsExactly(BIG);
  }

  @Test
  void a_small_model_that_is_switched_off_is_passed_by() {
    stack.switches.turnOff(new Off(Target.parse("model:little"), 0, "ann", "a leak"));

    assertThat(client.post(CHAT).header(CASCADE)).isEqualTo("escalated; switched-off");
    assertThat(asked()).containsExactly(BIG);
  }

  @Test
  void a_small_model_that_cannot_write_as_much_is_passed_by() {
    assertThat(client.post(CHAT.replace("\"max_tokens\":50", "\"max_tokens\":95")).header(CASCADE))
        .isEqualTo("escalated; too-small");
  }

  private void sampled(String... answers) {
    Deque<String> left = new ArrayDeque<>(List.of(answers));
    stack.model.says(call ->
        call.modelId().equals(LITTLE)
            ? text(Optional.ofNullable(left.poll()).orElse(""))
            : text("large answer"));
  }

  @Test
  void answers_that_agree_stand_and_are_billed_with_their_samples() {
    sampled("It is Oslo.", "Oslo, it is!", "it IS oslo");

    Client.Reply reply = client.post(chat("sampled", ""));

    assertThat(content(reply)).isEqualTo("It is Oslo.");
    assertThat(reply.header(CASCADE)).isEqualTo("small");
    assertThat(reply.header("x-weir-attempts")).isEqualTo("3");
    assertThat(stack.model.calls)
        .extracting(call -> call.request().temperature().orElse(-1))
        .containsExactly(-1.0, 1.0, 1.0);
    assertThat(stack.ledger.only().hops())
        .extracting(LedgerRow.Hop::part)
        .containsExactly("small", "sample", "sample");
    long one = 20 * 100_000 + 3 * 200_000;
    assertThat(stack.ledger.only().cost().picoUsd()).isEqualTo(3 * one);
    assertThat(stack.ledger.only().saved().cascadePicoUsd()).isEqualTo(10 * one - 3 * one);
  }

  @Test
  void answers_that_differ_escalate() {
    sampled("It is Oslo.", "Bergen is the one", "Trondheim");

    assertThat(client.post(chat("sampled", "")).header(CASCADE))
        .isEqualTo("escalated; self-consistency");
    assertThat(asked()).containsExactly(LITTLE, LITTLE, LITTLE, "vendor.big2");
  }

  @Test
  void a_sample_that_fails_speaks_against_the_answer() {
    Deque<Script> left =
        new ArrayDeque<>(List.of(text("It is Oslo."), ScriptedModel.fault(Kind.THROTTLED)));
    stack.model.says(call ->
        call.modelId().equals(LITTLE) && !left.isEmpty() ? left.pop() : text("large answer"));

    assertThat(client.post(chat("sampled", "")).header(CASCADE))
        .isEqualTo("escalated; self-consistency");
  }

  @Test
  void a_route_may_keep_streams_from_waiting() {
    Client.Reply reply = client.post(chat("sampled", ",\"stream\":true"));

    assertThat(reply.header(CASCADE)).isEqualTo("escalated; stream");
    assertThat(asked()).containsExactly("vendor.big2");
  }

  @ParameterizedTest
  @CsvSource({
    "7,small",
    "' 10\n',small",
    "6,escalated; score",
    "8/10,escalated; score",
    "'',escalated; score"
  })
  void a_grade_is_read_strictly(String grade, String decided) {
    says(Map.of(LITTLE, text("small answer"), "vendor.grader", text(grade)));

    Client.Reply reply = client.post(chat("graded", ""));

    assertThat(reply.header(CASCADE)).isEqualTo(decided);
    ModelCall question = stack.model.calls.get(1);
    assertThat(question.modelId()).isEqualTo("vendor.grader");
    assertThat(question.maxTokens()).isEqualTo(8);
    assertThat(question.request().messages().toString()).contains("hi there", "small answer");
  }

  @Test
  void what_a_guard_withholds_is_not_asked_of_another_model() {
    stack.limiter.guard = Optional.of("local");
    says(Map.of(LITTLE, text("The key is " + Samples.AWS_KEY)));

    Client.Reply reply = client.post(CHAT);

    assertThat(asked()).containsExactly(LITTLE);
    assertThat(reply.json().path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("content_filter");
    assertThat(reply.text()).doesNotContain(Samples.AWS_KEY);
  }

  @Test
  void what_the_model_withholds_is_not_asked_of_another_either() {
    says(Map.of(LITTLE, ScriptedModel.text("I cannot help", StopReason.CONTENT_FILTERED)));

    assertThat(client.post(CHAT).header(CASCADE)).isEqualTo("small");
    assertThat(asked()).containsExactly(LITTLE);
  }

  @Test
  void the_verdict_is_that_of_the_answer_that_is_served() {
    stack.limiter.guard = Optional.of("local");
    sampled("Ask " + Samples.EMAIL, "Ask somebody else", "No idea at all");

    Client.Reply escalated = client.post(chat("sampled", ""));
    assertThat(escalated.header("x-weir-guard")).isEqualTo("allowed");

    sampled("Ask ann or " + Samples.EMAIL, "Ask ann or " + Samples.EMAIL, "Ask ann or (email)");
    assertThat(client.post(chat("sampled", "")).header("x-weir-guard"))
        .startsWith("masked output:");
  }

  @Test
  void a_call_that_is_switched_off_while_the_small_model_answers_ends() {
    Target tenant = new Target(Target.Kind.TENANT, "acme");
    CountDownLatch never = new CountDownLatch(1);
    stack.model.hangsAfter(
        1,
        () -> {
          stack.switches.turnOff(new Off(tenant, 0, "ann", "a leak"));
          never.await();
        });

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("switched_off");
    assertThat(asked()).containsExactly(LITTLE);
  }

  @Test
  void a_model_without_a_cascade_mentions_none() {
    Client.Reply reply = client.post(chat("m", ""), "x-weir-tier", "large");

    assertThat(reply.headers).doesNotContainKey(CASCADE);
    assertThat(stack.ledger.only().cascade()).isEmpty();
    assertThat(stack.logged()).doesNotContain("cascade");
  }
}
