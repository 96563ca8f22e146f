package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.admission.Ask;
import dev.weir.admission.Dimension;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.telemetry.Emitted;
import dev.weir.tenant.EstimateMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatFlowTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String CACHEABLE =
      CHAT.replace("{\"model\"", "{\"temperature\":0,\"model\"");

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static ChatRequest read(String chat) {
    return ((Parsed.Ok<ChatRequest>)
            new ChatRequestReader(100_000).read(chat.getBytes(StandardCharsets.UTF_8)))
        .value();
  }

  private static String streamed(String chat) {
    return chat.replaceFirst("\\{", "{\"stream\":true,");
  }

  @Test
  void an_answer_carries_its_cost_its_model_and_what_is_left() {
    Client.Reply reply = client.post(CHAT);

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.json().path("choices").path(0).path("message").path("content").asText())
        .isEqualTo("Hello");
    assertThat(reply.header("x-weir-model")).isEqualTo("vendor.m");
    assertThat(reply.header("x-weir-cache")).isEqualTo("off");
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("34");
    assertThat(reply.header("x-ratelimit-limit-requests")).isEqualTo("60");
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(reply.header("x-request-id")).startsWith("req_");
  }

  @Test
  void what_was_accepted_without_effect_is_named() {
    assertThat(client.post(CHAT.replaceFirst("\\{", "{\"seed\":7,")).header("x-weir-ignored"))
        .isEqualTo("seed");
  }

  @Test
  void what_is_sent_upstream_as_the_output_cap_is_what_was_reserved() {
    client.post(CHAT);

    assertThat(stack.model.calls).singleElement().extracting("maxTokens").isEqualTo(50L);
    assertThat(stack.limiter.asks).hasSize(1);
    long prompt = new TokenEstimate().prompt(read(CHAT), EstimateMode.TOKENS);
    Ask ask = stack.limiter.asks.getFirst();
    assertThat(ask.tokens()).isEqualTo(prompt + 50);
    assertThat(ask.microUsd()).isEqualTo(prompt + 2 * 50); // 1 and 2 micro-USD per token
  }

  @Test
  void a_call_is_settled_with_real_usage_and_booked_once() {
    client.post(CHAT);

    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(27, 34));
    LedgerRow row = stack.ledger.only();
    assertThat(row.usage()).isEqualTo(Usage.of(20, 7));
    assertThat(row.cost().picoUsd()).isEqualTo(20 * 1_000_000L + 7 * 2_000_000L);
    assertThat(row.outcome()).isEqualTo("complete");
    assertThat(row.estimated()).isFalse();
    assertThat(row.traceId()).contains("Root=1-trace");
  }

  @Test
  void the_books_are_done_after_the_client_has_its_last_byte() {
    List<Boolean> closedAtSettlement = new ArrayList<>();
    stack.limiter.onSettle = () -> closedAtSettlement.add(stack.lastReplyClosed());

    client.post(streamed(CHAT));
    client.post(CHAT);

    assertThat(closedAtSettlement).containsExactly(true, true);
  }

  @Test
  void a_stream_and_a_body_say_the_same() throws Exception {
    JsonNode body = client.post(CHAT).json().path("choices").path(0);
    Client.Reply reply =
        client.post(
            CHAT.replaceFirst(
                "\\{", "{\"stream\":true,\"stream_options\":{\"include_usage\":true},"));

    StringBuilder text = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    String finish = "";
    JsonNode usage = new ObjectMapper().nullNode();
    for (String data : reply.data()) {
      if (data.equals("[DONE]")) {
        continue;
      }
      JsonNode chunk = new ObjectMapper().readTree(data);
      JsonNode choice = chunk.path("choices").path(0);
      text.append(choice.path("delta").path("content").asText(""));
      for (JsonNode call : choice.path("delta").path("tool_calls")) {
        assertThat(call.path("index").asInt()).isZero();
        arguments.append(call.path("function").path("arguments").asText(""));
      }
      finish = choice.path("finish_reason").asText(finish).replace("null", finish);
      usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
    }
    assertThat(text.toString()).isEqualTo(body.path("message").path("content").asText());
    assertThat(arguments.toString())
        .isEqualTo(
            body.path("message")
                .path("tool_calls")
                .path(0)
                .path("function")
                .path("arguments")
                .asText());
    assertThat(finish).isEqualTo(body.path("finish_reason").asText());
    assertThat(usage.path("total_tokens").asLong()).isEqualTo(27);
    assertThat(reply.data()).last().isEqualTo("[DONE]");
    assertThat(reply.text()).contains(": x-weir-cost-microusd 34\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = Dimension.class,
      names = {"REQUESTS", "TOKENS", "CONCURRENCY", "DAY_BUDGET", "KEY", "UNAVAILABLE"})
  void a_refused_call_reaches_no_model_and_gets_no_ledger_row(Dimension dimension) {
    stack.limiter.refuseWith(dimension);

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.status).isIn(401, 429, 503);
    assertThat(stack.model.calls).isEmpty();
    assertThat(stack.ledger.rows).isEmpty();
    assertThat(stack.logged()).contains("\"outcome\":\"refused\"");
  }

  @Test
  void rubbish_is_refused_before_anything_is_reserved() {
    assertThat(client.post("{").status).isEqualTo(400);
    assertThat(client.post(CHAT.replace("\"m\"", "\"nope\"")).status).isEqualTo(404);
    assertThat(client.post(CHAT.replace("50", "101")).status).isEqualTo(400);
    assertThat(stack.limiter.asks).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_fault_before_the_first_content_is_an_honest_status(boolean stream) {
    stack.model.says(ScriptedModel.fault(Fault.Kind.THROTTLED));

    Client.Reply reply = client.post(stream ? streamed(CHAT) : CHAT);

    assertThat(reply.status).isEqualTo(429);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("upstream_throttled");
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(stack.limiter.settled).containsExactly(new FakeAdmission.Settled(0, 0));
    assertThat(stack.ledger.only().outcome()).isEqualTo("throttled");
  }

  @Test
  void a_call_that_never_left_costs_nothing() {
    stack.model.says(ScriptedModel.fault(Fault.Kind.CONNECTION));

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("upstream_unreachable");
    assertThat(stack.ledger.only().cost().microUsd()).isZero();
    assertThat(stack.ledger.only().estimated()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET", "CUT", "MODEL_TIMEOUT", "MODEL_ERROR", "DEADLINE", "STALLED"})
  void a_call_that_left_and_was_not_answered_is_charged_its_prompt_in_both_forms(Fault.Kind kind) {
    stack.model.says(ScriptedModel.fault(kind));

    client.post(CHAT);
    client.post(streamed(CHAT));

    long prompt = stack.limiter.asks.getFirst().tokens() - 50;
    FakeAdmission.Settled settled = new FakeAdmission.Settled(prompt, prompt);
    assertThat(stack.limiter.settled).containsExactly(settled, settled);
    assertThat(stack.ledger.rows).allMatch(LedgerRow::estimated);
  }

  @Test
  void a_stream_cut_at_every_event_ends_in_an_error_a_settlement_and_one_row() {
    for (int count = 0; count < ScriptedModel.HELLO.size() - 1; count++) {
      TestStack fresh = new TestStack();
      fresh.model.says(ScriptedModel.cutAfter(count));

      Client.Reply reply = fresh.client("acme").post(streamed(CHAT));

      assertThat(reply.text()).as("cut after %d", count).doesNotContain("[DONE]");
      assertThat(reply.text()).contains("\"code\":\"upstream_cut\"");
      assertThat(reply.status).isEqualTo(count < 2 ? 502 : 200);
      assertThat(reply.closed).isTrue();
      assertThat(fresh.limiter.settled).hasSize(1);
      assertThat(fresh.ledger.only().estimated()).isTrue();
      assertThat(fresh.ledger.only().cost().microUsd()).isPositive();
    }
  }

  @Test
  void a_client_that_goes_at_any_point_is_charged_for_what_was_used_once() {
    for (int writes = 0; writes < 6; writes++) {
      TestStack fresh = new TestStack();

      fresh.client("acme").goingAwayAfter(writes).post(streamed(CHAT));

      assertThat(fresh.limiter.settled).as("gone after %d writes", writes).hasSize(1);
      LedgerRow row = fresh.ledger.only();
      assertThat(row.outcome()).isEqualTo("cancelled");
      assertThat(row.estimated()).isTrue();
      assertThat(row.cost().microUsd()).isPositive();
    }
  }

  @Test
  void zero_usage_that_was_reported_is_billed_as_zero() {
    stack.model.says(
        ScriptedModel.whole(
            List.of(
                new ModelEvent.TextDelta(0, "x"),
                new ModelEvent.Stopped(StopReason.END_TURN),
                new ModelEvent.UsageReported(Usage.ZERO))));

    client.post(CHAT);

    assertThat(stack.ledger.only().cost().picoUsd()).isZero();
    assertThat(stack.ledger.only().estimated()).isFalse();
  }

  @Test
  void an_empty_answer_is_an_error_and_not_a_silent_200() {
    stack.model.says(ScriptedModel.text("", StopReason.END_TURN));

    assertThat(client.post(CHAT).status).isEqualTo(502);
    assertThat(client.post(streamed(CHAT)).status).isEqualTo(502);
  }

  @ParameterizedTest
  @EnumSource(
      value = StopReason.class,
      names = {"STOP_SEQUENCE", "MAX_TOKENS"})
  void what_the_clients_own_stop_or_cap_ends_at_once_is_an_answer(StopReason reason) {
    stack.model.says(ScriptedModel.text("", reason));

    Client.Reply whole = client.post(CHAT);
    Client.Reply stream = client.post(streamed(CHAT));

    assertThat(whole.status).isEqualTo(200);
    assertThat(whole.text()).contains("\"finish_reason\":\"" + reason.finishReason() + "\"");
    assertThat(stream.data().getLast()).isEqualTo("[DONE]");
  }

  @Test
  void a_model_that_throws_is_settled_booked_and_answered_with_500() {
    stack.model.says(call -> {
      throw new IllegalStateException("a bug, and a secret prompt");
    });

    Client.Reply reply = client.post(CHAT);

    assertThat(reply.status).isEqualTo(500);
    assertThat(stack.limiter.settled).hasSize(1);
    assertThat(stack.ledger.rows).hasSize(1);
    assertThat(stack.logged()).doesNotContain("secret");
  }

  @Test
  void a_settlement_that_fails_is_counted_as_lost_and_the_client_keeps_its_answer() {
    stack.limiter.failSettlements();

    assertThat(client.post(CHAT).status).isEqualTo(200);
    assertThat(stack.logged()).contains("\"weir.lost_writes\":1");
    Emitted.keep("weir.lost_writes", stack.logged());
  }

  @Test
  void usage_above_the_reservation_is_a_metric() {
    stack.model.says(
        ScriptedModel.whole(
            List.of(
                new ModelEvent.TextDelta(0, "x"),
                new ModelEvent.Stopped(StopReason.END_TURN),
                new ModelEvent.UsageReported(Usage.of(5_000, 1)))));

    client.post(CHAT);

    assertThat(stack.logged()).contains("\"weir.under_reservation\":1");
    Emitted.keep("weir.under_reservation", stack.logged());
  }

  @Test
  void a_hit_is_served_in_both_forms_and_billed_in_neither() {
    Client.Reply miss = client.post(CACHEABLE);
    Client.Reply hit = client.post(CACHEABLE);
    Client.Reply streamedHit = client.post(streamed(CACHEABLE));

    assertThat(miss.header("x-weir-cache")).isEqualTo("miss");
    assertThat(hit.header("x-weir-cache")).isEqualTo("hit");
    assertThat(hit.header("x-weir-cost-microusd")).isEqualTo("0");
    assertThat(hit.json().path("choices")).isEqualTo(miss.json().path("choices"));
    assertThat(hit.json().path("id")).isNotEqualTo(miss.json().path("id"));
    assertThat(streamedHit.header("x-weir-cache")).isEqualTo("hit");
    assertThat(streamedHit.data()).last().isEqualTo("[DONE]");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.ledger.rows)
        .extracting(LedgerRow::outcome)
        .containsExactly("complete", "cache_hit", "cache_hit");
    assertThat(stack.ledger.rows.get(1).cost().picoUsd()).isZero();
    assertThat(stack.ledger.rows.get(1).served()).isEqualTo(Usage.of(20, 7));
    assertThat(stack.limiter.asks.get(1).tokens()).isZero();
  }

  @Test
  void an_entry_written_by_a_stream_serves_a_body() {
    client.post(streamed(CACHEABLE));

    assertThat(client.post(CACHEABLE).header("x-weir-cache")).isEqualTo("hit");
  }

  @Test
  void two_tenants_share_nothing() {
    client.post(CACHEABLE);
    Client.Reply other = stack.client("other").post(CACHEABLE);

    assertThat(other.header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void no_store_and_a_positive_temperature_stay_out_of_the_cache() {
    client.post(CACHEABLE);

    assertThat(
            client.post(CACHEABLE, "Cache-Control", "max-age=0, No-Store").header("x-weir-cache"))
        .isEqualTo("off");
    assertThat(client.post(CHAT).header("x-weir-cache")).isEqualTo("off");
  }

  @ParameterizedTest
  @EnumSource(
      value = StopReason.class,
      names = {"MAX_TOKENS", "CONTENT_FILTERED", "GUARDRAIL_INTERVENED"})
  void an_answer_that_is_not_whole_and_clean_is_never_kept(StopReason reason) {
    stack.model.says(ScriptedModel.text("half", reason));

    client.post(CACHEABLE);
    client.post(CACHEABLE);

    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void a_failed_answer_is_never_kept() {
    stack.model.says(ScriptedModel.cutAfter(4));
    client.post(CACHEABLE);
    stack.model.says(ScriptedModel.whole(ScriptedModel.HELLO));

    assertThat(client.post(CACHEABLE).header("x-weir-cache")).isEqualTo("miss");
  }

  @Test
  void a_hit_is_refused_to_a_revoked_key_and_served_when_limits_cannot_be_read() {
    client.post(CACHEABLE);

    stack.limiter.refuseWith(Dimension.KEY);
    assertThat(client.post(CACHEABLE).status).isEqualTo(401);
    stack.limiter.refuseWith(Dimension.UNAVAILABLE);
    assertThat(client.post(CACHEABLE).status).isEqualTo(200);
    assertThat(client.post(CHAT).status).isEqualTo(503);
    Emitted.keep("weir.limiter.unavailable", stack.logged());
    Emitted.keep("gen_ai.server.time_to_first_token", stack.logged());
  }

  @Test
  void the_line_names_what_was_done_as_opentelemetry_does() {
    client.post(CHAT);

    assertThat(stack.logged())
        .contains(
            "\"message\":\"request\"",
            "\"gen_ai.operation.name\":\"chat\"",
            "\"gen_ai.provider.name\":\"aws.bedrock\"",
            "\"gen_ai.request.stream\":false",
            "\"gen_ai.response.finish_reasons\":[\"tool_calls\"]");
  }

  @Test
  void refusals_are_counted_by_the_limit_that_was_met_or_else_by_code() {
    stack.limiter.refuseWith(Dimension.TOKENS);
    client.post(CHAT);
    client.post("{}");

    assertThat(stack.logged())
        .contains("\"weir.reason\":\"tokens\"", "[\"environment\",\"weir.reason\"]")
        .contains("\"weir.reason\":\"missing_required_parameter\"");
    Emitted.keep("weir.refused", stack.logged());
  }

  @Test
  void of_fifty_equal_requests_at_once_one_asks() throws Exception {
    stack.model.says(call -> {
      sleep(300);
      return ScriptedModel.whole(ScriptedModel.HELLO);
    });

    List<Client.Reply> replies = together(50, () -> client.post(CACHEABLE));

    assertThat(stack.model.calls).hasSize(1);
    assertThat(replies).allMatch(reply -> reply.status == 200);
    assertThat(replies.stream().map(reply -> reply.json().path("choices")).distinct()).hasSize(1);
  }

  @Test
  void followers_of_a_leader_that_fails_ask_for_themselves() throws Exception {
    List<Integer> count = new ArrayList<>();
    stack.model.says(call -> {
      synchronized (count) {
        count.add(1);
        if (count.size() > 1) {
          return ScriptedModel.whole(ScriptedModel.HELLO);
        }
      }
      sleep(300);
      return new ScriptedModel.Script(
          List.of(), new Ending.Failed(Fault.of(Fault.Kind.INTERNAL, "boom")));
    });

    List<Client.Reply> replies = together(8, () -> client.post(CACHEABLE));

    assertThat(replies).filteredOn(reply -> reply.status == 502).hasSize(1);
    assertThat(replies).filteredOn(reply -> reply.status == 200).hasSize(7);
  }

  private static <T> List<T> together(int count, Callable<T> task) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(java.util.Collections.nCopies(count, task))) {
        results.add(result.get(60, TimeUnit.SECONDS));
      }
      return results;
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
