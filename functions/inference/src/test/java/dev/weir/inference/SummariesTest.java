package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.inference.ScriptedModel.Script;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.LedgerRow;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelCall;
import dev.weir.model.StopReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of a model that has what it would forget summarised ({@code docs/sessions.md}). */
class SummariesTest {

  private static final String SUMMARISER = "vendor.plain";

  private final TestStack stack = new TestStack();
  private final Client acme = stack.responses("acme");
  private final AtomicReference<Script> summary =
      new AtomicReference<>(ScriptedModel.text("They counted.", StopReason.END_TURN));
  private String last = "";
  private int turns;

  @BeforeEach
  void scripts() {
    stack.model.says(call ->
        call.modelId().equals(SUMMARISER)
            ? summary.get()
            : ScriptedModel.text("ok " + stack.model.calls.size(), StopReason.END_TURN));
  }

  private static ObjectNode body(String input) {
    return JsonNodeFactory.instance.objectNode().put("model", "recalls").put("input", input);
  }

  /** The next turn of the session: some 50 tokens. */
  private ObjectNode next() {
    ObjectNode body = body("turn %d %s".formatted(turns, "word ".repeat(35)));
    turns++;
    return last.isEmpty() ? body : body.put("previous_response_id", last);
  }

  private Client.Reply say() {
    Client.Reply reply = acme.post(next().toString());
    assertThat(reply.status).as(reply.text()).isEqualTo(200);
    last = reply.json().path("id").asText();
    return reply;
  }

  private List<JsonNode> told() {
    return stack.model.calls.isEmpty()
        ? List.of()
        : stack.model.calls.getLast().request().body().path("messages").valueStream().toList();
  }

  private long summariesAsked() {
    return stack.model.calls.stream().filter(call -> call.modelId().equals(SUMMARISER)).count();
  }

  private Client.Reply untilSummarised() {
    Client.Reply reply = say();
    while (summariesAsked() == 0) {
      assertThat(turns).isLessThan(20);
      reply = say();
    }
    return reply;
  }

  @Test
  void what_would_be_forgotten_is_summarised_once_and_the_reply_says_by_whom_and_for_how_much() {
    Client.Reply reply = untilSummarised();

    assertThat(reply.header("x-weir-memory"))
        .isEqualTo("summarised; model=plain; cost-microusd=26");
    assertThat(told().getFirst().path("content").toString()).contains("They counted.");
    assertThat(told().getFirst().path("role").asText()).isEqualTo("user");
    ModelCall asked =
        stack.model.calls.stream()
            .filter(call -> call.modelId().equals(SUMMARISER))
            .findFirst()
            .orElseThrow();
    assertThat(asked.maxTokens()).isEqualTo(40);
    assertThat(asked.request().messages()).hasSize(2);
    assertThat(asked.request().body().path("messages").path(1).path("content").asText())
        .startsWith("user: turn 0 word")
        .contains("assistant: ok 1");
    // It is part of what is kept: the next turn is told it and pays nothing for it.
    // A turn's own message is told in other JSON once it is remembered, in the same words upstream.
    List<JsonNode> before = told().subList(0, told().size() - 1);
    assertThat(say().header("x-weir-memory")).isEqualTo("whole");
    assertThat(told().subList(0, before.size())).isEqualTo(before);
    assertThat(summariesAsked()).isEqualTo(1);
  }

  @Test
  void a_summary_is_a_call_of_its_own_in_limits_ledger_and_audit() {
    Client.Reply reply = untilSummarised();

    String id = reply.header("x-request-id");
    List<LedgerRow> rows = stack.ledger.rows;
    LedgerRow summed = rows.get(rows.size() - 2);
    assertThat(summed.requestId()).isEqualTo(id + "-summary");
    assertThat(summed.model()).isEqualTo("plain");
    assertThat(summed.outcome()).isEqualTo("complete");
    assertThat(rows.getLast().requestId()).isEqualTo(id);
    assertThat(summed.cost().microUsd()).isEqualTo(26);
    assertThat(stack.limiter.asks).hasSize(rows.size());
    assertThat(stack.limiter.settled)
        .contains(new FakeAdmission.Settled(23, 26))
        .hasSize(rows.size());
    assertThat(stack.audit.entries)
        .filteredOn(entry -> entry.trace().equals(id + "-summary"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.subject()).isEqualTo("plain"));
    assertThat(stack.logged()).contains("\"weir.sessions.summarised\":1");
  }

  @Test
  void a_summary_tells_what_the_one_before_it_told() {
    untilSummarised();
    summary.set(ScriptedModel.text("And more.", StopReason.END_TURN));
    while (summariesAsked() < 2) {
      assertThat(turns).isLessThan(30);
      say();
    }

    ModelCall second =
        stack.model.calls.stream()
            .filter(call -> call.modelId().equals(SUMMARISER))
            .skip(1)
            .findFirst()
            .orElseThrow();
    assertThat(second.request().body().path("messages").path(1).path("content").asText())
        .contains("They counted.");
    assertThat(told().toString()).contains("And more.").doesNotContain("They counted.");
  }

  @Test
  void a_conversation_keeps_its_summary() {
    String id =
        stack.route("acme", "POST", "/v1/conversations", Map.of(), "{}").json().path("id").asText();
    for (int turn = 0; turn < 9; turn++) {
      ObjectNode body = next();
      body.remove("previous_response_id");
      assertThat(acme.post(body.put("conversation", id).toString()).status).isEqualTo(200);
    }

    assertThat(summariesAsked()).isBetween(1L, 3L);
    assertThat(told().toString()).contains("They counted.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"THROTTLED", "RESET"})
  void without_its_summary_a_session_is_trimmed_and_the_reply_says_why(String kind) {
    summary.set(ScriptedModel.fault(Kind.valueOf(kind)));
    Client.Reply reply = untilSummarised();

    String code = kind.equals("THROTTLED") ? "upstream_throttled" : "upstream_unreachable";
    assertThat(reply.header("x-weir-memory")).isEqualTo("trimmed; summary=" + code);
    assertThat(told().toString()).doesNotContain("turn 0 ").contains("turn " + (turns - 1));
    assertThat(stack.logged()).contains("session_not_summarised");
    assertThat(stack.limiter.settled).hasSize(stack.limiter.asks.size());
  }

  @Test
  void an_empty_summary_is_none_and_one_that_its_cap_cuts_is_one() {
    summary.set(ScriptedModel.text("They cou", StopReason.MAX_TOKENS));
    assertThat(untilSummarised().header("x-weir-memory")).startsWith("summarised");

    summary.set(ScriptedModel.text("Filtered", StopReason.CONTENT_FILTERED));
    while (summariesAsked() < 2) {
      say();
    }
    assertThat(stack.replies.getLast().header("x-weir-memory"))
        .isEqualTo("trimmed; summary=unusable");
    // What an earlier summary told is not lost with the new one.
    assertThat(told().toString()).contains("They cou");
  }

  @Test
  void what_is_switched_off_summarises_nothing() {
    stack.switches.turnOff(new Off(Target.parse("model:plain"), 0, "ann", "a leak"));
    Client.Reply reply = say();
    while (reply.header("x-weir-memory").equals("whole")) {
      assertThat(turns).isLessThan(20);
      reply = say();
    }

    assertThat(reply.header("x-weir-memory")).isEqualTo("trimmed; summary=switched_off");
    assertThat(summariesAsked()).isZero();
  }

  @Test
  void a_turn_that_is_not_kept_pays_for_no_summary() {
    Client.Reply unkept = acme.post(next().put("store", false).toString());
    while (summariesAsked() == 0) {
      assertThat(turns).isLessThan(40);
      unkept = acme.post(next().put("store", false).toString());
      assertThat(summariesAsked()).isZero();
      say();
    }

    assertThat(unkept.header("x-weir-memory")).isEqualTo("trimmed");
  }

  @Test
  void an_idempotency_key_pays_for_its_summary_once() {
    while (summariesAsked() == 0) {
      assertThat(turns).isLessThan(20);
      ObjectNode body = next();
      String key = "key-" + turns;
      Client.Reply first = acme.post(body.toString(), "idempotency-key", key);
      Client.Reply again = acme.post(body.toString(), "idempotency-key", key);
      assertThat(again.text()).isEqualTo(first.text());
      assertThat(first.header("x-weir-memory")).isNotEmpty();
      assertThat(again.header("x-weir-memory")).isEmpty();
      last = first.json().path("id").asText();
    }

    assertThat(summariesAsked()).isEqualTo(1);
  }
}
