package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.guard.Direction;
import dev.weir.guard.Samples;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.telemetry.Emitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardFlowTest {

  private static final String KEPT =
      "{\"model\":\"kept\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static String chat(String text) {
    return KEPT.formatted(text);
  }

  private static String streamed(String chat) {
    return chat.replaceFirst("\\{", "{\"stream\":true,");
  }

  private void guardedBy(String set) {
    stack.limiter.guard = Optional.of(set);
  }

  private void saysInPieces(String... pieces) {
    List<ModelEvent> events = new ArrayList<>(List.of(new ModelEvent.Started()));
    for (String piece : pieces) {
      events.add(new ModelEvent.TextDelta(0, piece));
    }
    events.add(new ModelEvent.Stopped(StopReason.END_TURN));
    events.add(new ModelEvent.UsageReported(Usage.of(20, 7)));
    stack.model.says(ScriptedModel.whole(events));
  }

  @Test
  void a_blocked_request_spends_nothing_and_asks_no_model() {
    guardedBy("local");

    Client.Reply reply = client.post(chat("key " + Samples.AWS_KEY));

    assertThat(reply.status).isEqualTo(400);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("content_filter");
    assertThat(reply.json().path("error").path("param").asText()).isEqualTo("messages");
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:secrets");
    assertThat(reply.header("x-should-retry")).isEqualTo("false");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.ledger.rows).isEmpty();
    assertThat(stack.logged()).contains("weir.guard.blocked");
  }

  @Test
  void what_is_masked_goes_upstream_masked_and_is_cached_by_what_went_upstream() {
    guardedBy("local");

    Client.Reply first = client.post(chat("to " + Samples.EMAIL));
    Client.Reply second = client.post(chat("to bob.roe" + "@example.org"));

    assertThat(first.header("x-weir-guard")).isEqualTo("masked input:pii");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.model.calls.getFirst().request().toString()).contains("to [EMAIL]");
    assertThat(second.header("x-weir-cache")).isEqualTo("hit");
    assertThat(second.header("x-weir-guard")).isEqualTo("masked input:pii");
    LedgerRow row = stack.ledger.rows.getFirst();
    assertThat(row.guard().verdict()).isEqualTo("masked input:pii");
    assertThat(row.guard().versions()).matches("baseline@[0-9a-f]{12},local@[0-9a-f]{12}");
  }

  @Test
  void an_answer_kept_under_one_guard_is_not_served_under_another() {
    client.post(chat("hi"));
    guardedBy("local");

    assertThat(client.post(chat("hi")).header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_streamed_answer_ends_where_it_is_blocked_and_its_model_is_cancelled() {
    guardedBy("local");
    saysInPieces("The key is AK", Samples.AWS_KEY.substring(2), " and more", " and more");

    Client.Reply reply = client.post(streamed(chat("hi")));

    assertThat(reply.text()).contains("The key is ").doesNotContain("AKIA").doesNotContain("more");
    assertThat(reply.text()).contains("\"finish_reason\":\"content_filter\"");
    assertThat(reply.text()).contains(": x-weir-guard blocked output:secrets\n");
    assertThat(reply.data()).last().isEqualTo("[DONE]");
    LedgerRow row = stack.ledger.only();
    assertThat(row.finishReason()).contains("content_filter");
    assertThat(row.estimated()).isTrue(); // cancelled before its usage
    assertThat(row.usage().outputTokens()).isPositive();
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @Test
  void a_buffered_answer_says_the_same_as_a_streamed_one_and_stops_its_model_too() {
    guardedBy("local");
    saysInPieces("The key is AK", Samples.AWS_KEY.substring(2), " and more");

    Client.Reply reply = client.post(chat("hi"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.json().at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
    assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo("The key is ");
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked output:secrets");
    assertThat(stack.ledger.only().finishReason()).contains("content_filter");
    assertThat(stack.ledger.only().estimated()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"blocked", "masked"})
  void an_answer_a_guard_acted_on_is_never_kept(String how) {
    guardedBy("local");
    saysInPieces("It is ", how.equals("blocked") ? Samples.AWS_KEY : Samples.EMAIL, ".");

    client.post(chat("hi"));
    Client.Reply again = client.post(chat("hi"));

    assertThat(again.header("x-weir-cache")).isEqualTo("miss");
    assertThat(again.header("x-weir-guard")).startsWith(how + " output:");
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_tool_call_is_shown_whole_or_not_at_all() {
    guardedBy("local");
    stack.model.says(
        ScriptedModel.whole(
            List.of(
                new ModelEvent.Started(),
                new ModelEvent.ToolStarted(0, "call_a", "send"),
                new ModelEvent.ToolDelta(0, "{\"to\":\"\\u0041"),
                new ModelEvent.ToolDelta(0, Samples.AWS_KEY.substring(1) + "\"}"),
                new ModelEvent.BlockStopped(0),
                new ModelEvent.Stopped(StopReason.TOOL_USE),
                new ModelEvent.UsageReported(Usage.of(20, 7)))));

    Client.Reply reply = client.post(streamed(chat("hi")));

    assertThat(reply.text()).doesNotContain("call_a").contains("content_filter");
  }

  @Test
  void a_guard_changed_since_the_call_was_planned_is_applied_all_the_same() {
    stack.limiter.onReserve = () -> guardedBy("local");

    Client.Reply reply = client.post(chat("key " + Samples.AWS_KEY));

    assertThat(reply.status).isEqualTo(400);
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:secrets");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(0, 0));
  }

  @Test
  void a_guard_set_this_deployment_does_not_have_lets_nothing_pass() {
    guardedBy("gone");

    assertThat(client.post(chat("hi")).status).isEqualTo(503);
    assertThat(stack.model.calls).isEmpty();
  }

  @Test
  void the_bedrock_guardrail_sees_request_and_answer_and_is_billed() {
    guardedBy("remote");
    saysInPieces("Hello", " there");

    Client.Reply reply = client.post(chat("hi"));

    assertThat(stack.guardrail.shown)
        .containsExactly(
            new FakeGuardrail.Shown(Direction.INPUT, List.of("hi")),
            new FakeGuardrail.Shown(Direction.OUTPUT, List.of("Hello there")));
    long guard = 2 * (150_000_000L + 100_000_000L);
    LedgerRow row = stack.ledger.only();
    assertThat(row.guard().cost().picoUsd()).isEqualTo(guard);
    assertThat(row.cost().picoUsd()).isEqualTo(guard + 34_000_000L);
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("534");
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(27, 534));
    assertThat(stack.limiter.asks.getFirst().microUsd()).isGreaterThan(534);
    assertThat(row.guard().versions()).endsWith("bedrock:gr@1");
  }

  @Test
  void a_request_the_guardrail_refuses_costs_the_guardrail_and_nothing_else() {
    guardedBy("remote");

    Client.Reply reply = client.post(chat("something forbidden"));

    assertThat(reply.status).isEqualTo(400);
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:bedrock");
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("250");
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(0, 250));
    assertThat(stack.ledger.only().outcome()).isEqualTo("guard_blocked");
  }

  @Test
  void what_the_guardrail_masks_goes_masked_both_ways_and_is_not_kept() {
    guardedBy("remote");
    saysInPieces("a pri", "vate matter");

    Client.Reply reply = client.post(chat("my private life"));
    client.post(chat("my private life"));

    assertThat(stack.model.calls).hasSize(2);
    assertThat(stack.model.calls.getFirst().request().toString()).contains("my {NAME} life");
    assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo("a {NAME} matter");
    assertThat(reply.header("x-weir-guard")).isEqualTo("masked input:bedrock, output:bedrock");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_long_answer_is_shown_in_windows_that_overlap(boolean isStreamed) {
    guardedBy("remote");
    String filler = "All is well. ".repeat(100);
    saysInPieces(filler.substring(0, 495), "forbid", "den" + filler);

    Client.Reply reply = client.post(isStreamed ? streamed(chat("hi")) : chat("hi"));

    assertThat(reply.text()).doesNotContain("forbid").contains("content_filter");
    assertThat(reply.text()).contains("All is well.");
    assertThat(stack.guardrail.shown.size()).isGreaterThan(2);
    assertThat(stack.guardrail.shown)
        .allSatisfy(shown -> assertThat(shown.texts().getLast().length()).isLessThanOrEqualTo(500));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_guardrail_that_is_down_lets_nothing_pass_where_its_policy_is_closed(boolean isStreamed) {
    guardedBy("remote");
    stack.guardrail.isDown = true;

    Client.Reply reply = client.post(isStreamed ? streamed(chat("hi")) : chat("hi"));

    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("guard_unavailable");
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(reply.header("x-weir-guard")).isEqualTo("unavailable input:bedrock");
    assertThat(stack.logged()).contains("\"guardFault\":\"Timeout\"");
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(0, 0));
    assertThat(stack.ledger.only().outcome()).isEqualTo("guard_unavailable");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_answer_it_cannot_judge_does_not_pass_and_is_billed(boolean isStreamed) {
    guardedBy("remote");
    stack.model.says(call -> {
      stack.guardrail.isDown = true;
      return ScriptedModel.text("Hello", StopReason.END_TURN);
    });

    Client.Reply reply = client.post(isStreamed ? streamed(chat("hi")) : chat("hi"));

    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.text()).contains("guard_unavailable").doesNotContain("Hello");
    assertThat(stack.ledger.only().usage()).isEqualTo(Usage.of(20, 3));
    assertThat(stack.ledger.only().outcome()).isEqualTo("guard_unavailable");
  }

  @Test
  void where_its_policy_is_open_texts_pass_and_each_bypass_is_counted_and_none_is_kept() {
    guardedBy("remote-open");
    stack.guardrail.isDown = true;
    saysInPieces("Hello");

    Client.Reply reply = client.post(chat("hi"));
    Client.Reply again = client.post(chat("hi"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-guard"))
        .isEqualTo("allowed; bypassed input:bedrock, output:bedrock");
    assertThat(again.header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.ledger.rows.getFirst().guard().bypasses()).isEqualTo(2);
    assertThat(stack.logged()).contains("\"weir.guard.bypassed\":2");
    Emitted.keep("weir.guard.bypassed", stack.logged());
  }

  @Test
  void empty_texts_are_not_shown_to_the_guardrail() {
    guardedBy("remote");
    stack.model.says(
        ScriptedModel.whole(
            List.of(
                new ModelEvent.Started(),
                new ModelEvent.TextDelta(0, " \n"),
                new ModelEvent.ToolStarted(1, "call_a", "f"),
                new ModelEvent.BlockStopped(1),
                new ModelEvent.Stopped(StopReason.TOOL_USE),
                new ModelEvent.UsageReported(Usage.of(20, 7)))));

    Client.Reply reply = client.post(chat(" "));

    assertThat(reply.json().at("/choices/0/message/tool_calls/0/function/arguments").asText())
        .isEqualTo("{}");
    assertThat(stack.guardrail.shown.stream().flatMap(shown -> shown.texts().stream()))
        .noneMatch(String::isBlank);
  }

  @Test
  void a_model_without_output_guards_streams_as_it_speaks() {
    Client.Reply reply = client.post(streamed(chat("hi")));

    assertThat(reply.data().stream().filter(data -> data.contains("\"content\":\"Hel\"")))
        .hasSize(1);
    assertThat(reply.header("x-weir-guard")).isEqualTo("allowed");
  }
}
