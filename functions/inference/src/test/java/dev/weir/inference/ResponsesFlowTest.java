package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.guard.Rule;
import dev.weir.guard.Samples;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.ledger.Usage;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.tenant.SessionRule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesFlowTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestStack stack = new TestStack();
  private final Client acme = stack.responses("acme");

  private static String body(String fields) {
    return "{\"model\":\"m\"," + fields.replace('\'', '"') + "}";
  }

  private static JsonNode stripped(JsonNode response) {
    ObjectNode same = response.deepCopy();
    String turn = same.path("id").asText().substring("resp_".length());
    same.put("created_at", 0);
    try {
      return JSON.readTree(same.toString().replace(turn, "T"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> asked() {
    return stack
        .model
        .calls
        .getLast()
        .request()
        .body()
        .path("messages")
        .valueStream()
        .map(message ->
            message.path("role").asText()
                + ": "
                + (message.path("content").isTextual()
                    ? message.path("content").textValue()
                    : message.path("content").toString()))
        .toList();
  }

  private JsonNode get(String tenantId, String id) {
    Client.Reply reply = stack.route(tenantId, "GET", "/v1/responses/{id}", Map.of("id", id), "");
    return reply.status == 200 ? reply.json() : JSON.createObjectNode().put("status", reply.status);
  }

  private void delete(String id) {
    assertThat(stack.route("acme", "DELETE", "/v1/responses/{id}", Map.of("id", id), "").status)
        .isEqualTo(200);
  }

  @Test
  void a_response_says_what_the_model_said() {
    Client.Reply reply =
        acme.post(body("'input':'hi','tools':[{'type':'function','name':'look_up'}]"));

    JsonNode response = reply.json();
    assertThat(reply.status).isEqualTo(200);
    assertThat(response.path("object").asText()).isEqualTo("response");
    assertThat(response.path("id").asText()).startsWith("resp_");
    assertThat(response.path("status").asText()).isEqualTo("completed");
    assertThat(response.path("output").path(0).path("content").path(0).path("text").asText())
        .isEqualTo("Hello");
    assertThat(response.path("output").path(1).path("call_id").asText()).isEqualTo("call_a");
    assertThat(response.path("output").path(1).path("arguments").asText()).isEqualTo("{\"q\":1}");
    assertThat(response.path("usage").path("input_tokens").asInt()).isEqualTo(20);
    assertThat(response.path("usage").path("output_tokens").asInt()).isEqualTo(7);
    assertThat(reply.header("x-weir-memory")).isEqualTo("whole");
    assertThat(stack.ledger.only().outcome()).isEqualTo("complete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'input':'hi'",
        "'input':'hi','instructions':'be brief','max_output_tokens':9,'temperature':0.5",
        "'input':'hi','tools':[{'type':'function','name':'look_up'}],'tool_choice':'auto'",
        "'input':[{'role':'developer','content':'d'},{'role':'user','content':'hi'}],'metadata':{'a':'b'}",
        "'input':'hi','store':false,'truncation':'disabled'",
      })
  void streamed_and_buffered_are_the_same_response(String fields) {
    JsonNode buffered = acme.post(body(fields)).json();
    Events streamed = Events.of(acme.post(body(fields + ",'stream':true")));

    assertThat(streamed.types()).endsWith("response.completed");
    assertThat(streamed.folded()).isEqualTo(streamed.last().path("response"));
    assertThat(stripped(streamed.folded())).isEqualTo(stripped(buffered));
  }

  @Test
  void a_stream_is_told_in_the_order_clients_expect() {
    stack.model.says(ScriptedModel.text("Hello", StopReason.END_TURN));

    assertThat(Events.of(acme.post(body("'input':'hi','stream':true"))).types())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
  }

  @Test
  void a_stream_cut_anywhere_ends_in_response_failed_settled_once() {
    for (int events = 2; events < ScriptedModel.HELLO.size() - 1; events++) {
      TestStack fresh = new TestStack();
      fresh.model.says(ScriptedModel.cutAfter(events));

      Client.Reply reply = fresh.responses("acme").post(body("'input':'hi','stream':true"));

      Events heard = Events.of(reply);
      assertThat(heard.types()).as("after %d", events).endsWith("response.failed");
      assertThat(heard.last().path("response").path("status").asText()).isEqualTo("failed");
      assertThat(heard.last().path("response").path("error").path("code").asText())
          .isEqualTo("upstream_cut");
      assertThat(fresh.limiter.settled).hasSize(1);
      assertThat(fresh.ledger.only().outcome()).isEqualTo("cut");
      assertThat(fresh.sessionRequests).hasValue(0);
      assertThat(fresh.lastReplyClosed()).isTrue();
    }
  }

  @Test
  void a_model_that_fails_before_it_speaks_gets_an_honest_status() {
    stack.model.says(ScriptedModel.fault(Fault.Kind.THROTTLED));

    Client.Reply reply = acme.post(body("'input':'hi','stream':true"));

    assertThat(reply.status).isEqualTo(429);
    assertThat(reply.json().path("error").path("code").asText()).isEqualTo("upstream_throttled");
  }

  @Test
  void an_answer_that_was_cut_short_is_incomplete() {
    stack.model.says(ScriptedModel.text("Hel", StopReason.MAX_TOKENS));

    JsonNode response = acme.post(body("'input':'hi'")).json();
    Events streamed = Events.of(acme.post(body("'input':'hi','stream':true")));

    assertThat(response.path("status").asText()).isEqualTo("incomplete");
    assertThat(response.path("incomplete_details").path("reason").asText())
        .isEqualTo("max_output_tokens");
    assertThat(streamed.types()).endsWith("response.incomplete");
  }

  @Test
  void three_turns_are_remembered_with_one_read_and_one_write_each() {
    stack.model.says(ScriptedModel.text("one", StopReason.END_TURN));
    String first = acme.post(body("'input':'a','instructions':'i'")).json().path("id").asText();
    stack.model.says(ScriptedModel.text("two", StopReason.END_TURN));
    String second =
        acme.post(body("'input':'b','previous_response_id':'" + first + "'"))
            .json()
            .path("id")
            .asText();
    stack.sessionRequests.set(0);

    acme.post(body("'input':'c','previous_response_id':'" + second + "'"));

    assertThat(asked())
        .containsExactly(
            "user: [{\"type\":\"text\",\"text\":\"a\"}]",
            "assistant: one",
            "user: [{\"type\":\"text\",\"text\":\"b\"}]",
            "assistant: two",
            "user: c");
    assertThat(stack.sessionRequests).hasValue(2);
  }

  @Test
  void a_call_and_its_output_may_be_in_two_turns() {
    String first =
        acme.post(body("'input':'hi','tools':[{'type':'function','name':'look_up'}]"))
            .json()
            .path("id")
            .asText();

    Client.Reply reply =
        acme.post(
            body(
                "'previous_response_id':'%s','tools':[{'type':'function','name':'look_up'}],'input':[{'type':'function_call_output','call_id':'call_a','output':'42'}]"
                    .formatted(first)));

    assertThat(reply.status).isEqualTo(200);
    assertThat(asked()).endsWith("tool: 42");
  }

  @Test
  void what_is_longer_than_the_memory_is_forgotten_and_that_is_said() {
    stack.model.says(ScriptedModel.text("ok", StopReason.END_TURN));
    String first = acme.post(body("'input':'" + "x".repeat(190) + "'")).json().path("id").asText();
    String second =
        acme.post(body("'input':'" + "y".repeat(190) + "','previous_response_id':'" + first + "'"))
            .json()
            .path("id")
            .asText();

    Client.Reply reply = acme.post(body("'input':'z','previous_response_id':'" + second + "'"));

    assertThat(reply.header("x-weir-memory")).isEqualTo("trimmed");
    assertThat(asked())
        .noneMatch(message -> message.contains("xxx"))
        .anyMatch(m -> m.contains("yyy"));
    assertThat(
            acme.post(
                    body(
                        "'input':'z','truncation':'disabled','previous_response_id':'"
                            + second
                            + "'"))
                .json()
                .path("error")
                .path("code")
                .asText())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void what_is_announced_as_complete_can_be_read_already() {
    AtomicBoolean checked = new AtomicBoolean();
    stack.limiter.onSettle = () -> checked.set(true);
    Client.Reply reply = acme.post(body("'input':'hi','stream':true"));
    JsonNode completed = Events.of(reply).last().path("response");

    assertThat(checked).isTrue();
    assertThat(get("acme", completed.path("id").asText())).isEqualTo(completed);
  }

  @Test
  void a_turn_that_cannot_be_kept_is_not_announced_as_complete() {
    stack.breakSessions();

    Events streamed = Events.of(acme.post(body("'input':'hi','stream':true")));
    Client.Reply buffered = acme.post(body("'input':'hi'"));

    assertThat(streamed.types()).endsWith("response.failed").doesNotContain("response.completed");
    assertThat(streamed.last().path("response").path("error").path("code").asText())
        .isEqualTo("session_not_kept");
    assertThat(buffered.status).isEqualTo(500);
    assertThat(buffered.header("x-should-retry")).isEqualTo("false");
    assertThat(stack.ledger.rows).extracting(row -> row.outcome()).containsOnly("not_kept");
    assertThat(stack.ledger.rows).allMatch(row -> row.cost().picoUsd() > 0);
    assertThat(stack.logged()).contains("weir.lost_writes");
  }

  @Test
  void a_session_that_cannot_be_read_costs_nothing() {
    stack.breakSessions();

    Client.Reply reply = acme.post(body("'input':'hi','previous_response_id':'resp_x'"));

    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.header("retry-after")).isNotEmpty();
    assertThat(stack.limiter.asks).isEmpty();
  }

  @Test
  void without_store_nothing_is_stored() {
    JsonNode response = acme.post(body("'input':'hi','store':false")).json();

    assertThat(stack.sessionRequests).hasValue(0);
    assertThat(response.path("store").asBoolean(true)).isFalse();
    assertThat(get("acme", response.path("id").asText()).path("status").asInt()).isEqualTo(404);
  }

  /** The stack keeps three hours after the last turn, {@code brief} one. */
  @Test
  void the_shortest_of_what_stack_tenant_and_model_say_is_how_long_a_turn_is_kept() {
    String byStack = acme.post(body("'input':'hi'")).json().path("id").asText();
    stack.limiter.sessions = new SessionRule(true, OptionalInt.of(2), OptionalInt.empty());
    String byTenant = acme.post(body("'input':'hi'")).json().path("id").asText();
    String byModel = acme.post("{\"model\":\"brief\",\"input\":\"hi\"}").json().path("id").asText();

    stack.later(Duration.ofMinutes(61));
    assertThat(get("acme", byModel).path("status").asInt()).isEqualTo(404);
    assertThat(get("acme", byTenant).path("id").asText()).isEqualTo(byTenant);
    stack.later(Duration.ofMinutes(60));
    assertThat(get("acme", byTenant).path("status").asInt()).isEqualTo(404);
    assertThat(get("acme", byStack).path("id").asText()).isEqualTo(byStack);
  }

  @Test
  void where_sessions_are_off_nothing_is_stored_and_who_wants_that_is_told() {
    stack.limiter.sessions = new SessionRule(false, OptionalInt.empty(), OptionalInt.empty());

    assertThat(acme.post(body("'input':'hi'")).json().path("store").asBoolean(true)).isFalse();
    for (String wish :
        List.of("'store':true", "'previous_response_id':'r'", "'conversation':'c'")) {
      Client.Reply reply = acme.post(body("'input':'hi'," + wish));
      assertThat(reply.status).isEqualTo(403);
      assertThat(reply.json().path("error").path("code").asText()).isEqualTo("sessions_off");
    }
    assertThat(stack.sessionRequests).hasValue(0);
  }

  @Test
  void sessions_turned_off_in_the_meantime_are_off() {
    stack.limiter.onReserve =
        () ->
            stack.limiter.sessions =
                new SessionRule(false, OptionalInt.empty(), OptionalInt.empty());

    assertThat(acme.post(body("'input':'hi'")).json().path("store").asBoolean(true)).isFalse();
    assertThat(stack.sessionRequests).hasValue(0);
  }

  @Test
  void another_tenants_response_is_as_absent_as_one_that_never_was() {
    String id = acme.post(body("'input':'hi'")).json().path("id").asText();

    Client.Reply others =
        stack.responses("other").post(body("'input':'x','previous_response_id':'" + id + "'"));
    Client.Reply nobodys =
        stack.responses("other").post(body("'input':'x','previous_response_id':'resp_nobody'"));

    assertThat(others.status).isEqualTo(404);
    assertThat(others.text().replace(id, "")).isEqualTo(nobodys.text().replace("resp_nobody", ""));
    assertThat(others.json().path("error").path("param").asText())
        .isEqualTo("previous_response_id");
    assertThat(get("other", id).path("status").asInt()).isEqualTo(404);
  }

  @Test
  void an_idle_session_cannot_be_gone_on_with() {
    String id = acme.post(body("'input':'hi'")).json().path("id").asText();
    stack.later(Duration.ofHours(3));

    assertThat(acme.post(body("'input':'x','previous_response_id':'" + id + "'")).status)
        .isEqualTo(404);
  }

  @Test
  void of_two_turns_at_once_in_a_conversation_the_second_is_refused() {
    String conversation = conversation("{}");
    String fields = "'input':'hi','conversation':'" + conversation + "'";
    AtomicBoolean once = new AtomicBoolean();
    stack.limiter.onReserve =
        () -> {
          if (once.compareAndSet(false, true)) {
            assertThat(acme.post(body(fields)).status).isEqualTo(200);
          }
        };

    Client.Reply late = acme.post(body(fields));

    assertThat(late.status).isEqualTo(409);
    assertThat(late.json().path("error").path("code").asText()).isEqualTo("session_conflict");
    assertThat(late.header("x-should-retry")).isEqualTo("false");
    assertThat(stack.ledger.rows)
        .extracting(row -> row.outcome())
        .containsExactlyInAnyOrder("complete", "session_conflict");
    assertThat(stack.logged()).contains("weir.sessions.conflicts");
  }

  @Test
  void a_conversation_goes_on_with_one_read_and_one_write() {
    stack.model.says(ScriptedModel.text("one", StopReason.END_TURN));
    String conversation =
        conversation("{\"items\":[{\"role\":\"system\",\"content\":\"be brief\"}]}");
    acme.post(body("'input':'a','conversation':{'id':'" + conversation + "'}"));
    stack.sessionRequests.set(0);

    JsonNode response = acme.post(body("'input':'b','conversation':'" + conversation + "'")).json();

    assertThat(asked()).hasSize(4).endsWith("user: b");
    assertThat(response.path("conversation").path("id").asText()).isEqualTo(conversation);
    assertThat(stack.sessionRequests).hasValue(2);
    assertThat(
            acme.post(
                    body(
                        "'input':'c','previous_response_id':'"
                            + response.path("id").asText()
                            + "'"))
                .json()
                .path("error")
                .path("param")
                .asText())
        .isEqualTo("previous_response_id");
  }

  private String conversation(String body) {
    return stack
        .route("acme", "POST", "/v1/conversations", Map.of(), body)
        .json()
        .path("id")
        .asText();
  }

  @Test
  void an_idempotency_key_gets_the_same_response_once_kept_and_paid() {
    Client.Reply first = acme.post(body("'input':'hi'"), "idempotency-key", "k");
    int requests = stack.sessionRequests.get();
    Client.Reply again = acme.post(body("'input':'hi'"), "idempotency-key", "k");

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("x-weir-idempotency")).isEqualTo("replayed");
    assertThat(stack.sessionRequests).hasValue(requests + 1); // whether it is still there
    assertThat(stack.model.calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'input':'hi'", "'input':'hi','stream':true"})
  void a_response_that_was_deleted_is_not_given_again_for_its_idempotency_key(String fields) {
    Client.Reply first = acme.post(body(fields), "idempotency-key", "k");
    delete(
        fields.contains("stream")
            ? Events.of(first).last().path("response").path("id").asText()
            : first.json().path("id").asText());
    Client.Reply again = acme.post(body(fields), "idempotency-key", "k");

    assertThat(again.status).isEqualTo(404);
    assertThat(again.code()).isEqualTo("response_not_found");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
    assertThat(again.header("x-ratelimit-remaining-requests")).isEqualTo("57");
    assertThat(stack.model.calls).hasSize(1);
    assertThat(stack.ledger.rows).hasSize(1);
  }

  @Test
  void a_response_that_is_over_is_not_given_again_either() {
    acme.post(body("'input':'hi'"), "idempotency-key", "k");
    stack.later(TestStack.LIFETIMES.idle().plusSeconds(1));

    assertThat(acme.post(body("'input':'hi'"), "idempotency-key", "k").code())
        .isEqualTo("response_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'input':'hi'", "'input':'hi','stream':true"})
  void who_has_the_end_of_its_response_gets_it_again_at_once(String fields) {
    List<Client.Reply> again = new ArrayList<>();

    stack
        .responses("acme")
        .whenAnswered(() -> again.add(acme.post(body(fields), "idempotency-key", "k")))
        .post(body(fields), "idempotency-key", "k");

    assertThat(again)
        .extracting(reply -> reply.header("x-weir-idempotency"))
        .containsExactly("replayed");
  }

  @Test
  void a_response_that_was_never_kept_is_given_again() {
    String fields = body("'input':'hi','store':false");
    Client.Reply first = acme.post(fields, "idempotency-key", "k");

    assertThat(acme.post(fields, "idempotency-key", "k").text()).isEqualTo(first.text());
    assertThat(stack.sessionRequests).hasValue(0);
  }

  @Test
  void what_was_kept_and_deleted_is_not_given_again_where_nothing_is_kept_any_more() {
    Client.Reply first = acme.post(body("'input':'hi'"), "idempotency-key", "k");
    delete(first.json().path("id").asText());
    stack.limiter.sessions = new SessionRule(false, OptionalInt.empty(), OptionalInt.empty());
    Client.Reply again = acme.post(body("'input':'hi'"), "idempotency-key", "k");

    assertThat(again.json().path("id")).isNotEqualTo(first.json().path("id"));
    assertThat(stack.model.calls).hasSize(2);
  }

  @Test
  void while_sessions_cannot_be_read_nothing_is_given_again() {
    acme.post(body("'input':'hi'"), "idempotency-key", "k");
    stack.breakSessions();

    assertThat(acme.post(body("'input':'hi'"), "idempotency-key", "k").code())
        .isEqualTo("session_unavailable");
  }

  @Test
  void a_kept_answer_that_could_not_be_kept_as_a_response_frees_its_idempotency_key() {
    String fields = body("'input':'hi','temperature':0");
    acme.post(fields);
    stack.breakSessions();
    assertThat(acme.post(fields, "idempotency-key", "k").code()).isEqualTo("session_not_kept");
    stack.mendSessions();

    Client.Reply again = acme.post(fields, "idempotency-key", "k");
    assertThat(again.status).isEqualTo(200);
    assertThat(again.header("x-weir-cache")).isEqualTo("hit");
  }

  @Test
  void an_answer_from_the_cache_is_a_response_of_its_own() {
    String fields = body("'input':'hi','temperature':0");
    JsonNode first = acme.post(fields).json();
    Client.Reply again = acme.post(fields);

    assertThat(again.header("x-weir-cache")).isEqualTo("hit");
    assertThat(again.json().path("id")).isNotEqualTo(first.path("id"));
    assertThat(get("acme", again.json().path("id").asText())).isEqualTo(again.json());
    assertThat(
            acme.post(
                    body(
                        "'input':'x','previous_response_id':'"
                            + again.json().path("id").asText()
                            + "'"))
                .status)
        .isNotEqualTo(404);
  }

  @Test
  void what_a_guard_masks_is_masked_in_what_is_kept_and_shown() {
    stack.limiter.guard = Optional.of("local");
    String secret = Samples.byRule().getOrDefault(Rule.PII, "");

    Client.Reply reply =
        acme.post(body("'instructions':'i " + secret + "','input':'mine is " + secret + "'"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.text()).doesNotContain(secret);
    String id = reply.json().path("id").asText();
    assertThat(
            stack
                .route("acme", "GET", "/v1/responses/{id}/input_items", Map.of("id", id), "")
                .text())
        .contains("mine is ")
        .doesNotContain(secret);
  }

  @Test
  void an_id_of_another_kind_is_not_there_and_nothing_is_changed() {
    JsonNode response = acme.post(body("'input':'hi'")).json();
    String id = response.path("id").asText();
    String conversation = conversation("{}");

    Client.Reply asConversation = acme.post(body("'input':'x','conversation':'" + id + "'"));
    Client.Reply asResponse =
        acme.post(body("'input':'x','previous_response_id':'" + conversation + "'"));

    assertThat(asConversation.status).isEqualTo(404);
    assertThat(asConversation.code()).isEqualTo("conversation_not_found");
    assertThat(asResponse.status).isEqualTo(404);
    assertThat(asResponse.code()).isEqualTo("previous_response_not_found");
    assertThat(get("acme", id)).isEqualTo(response);
  }

  @Test
  void a_session_that_is_larger_than_is_kept_nowadays_is_not_read() {
    String id = stack.oversized("acme", "resp_0");

    Client.Reply reply = acme.post(body("'input':'x','previous_response_id':'" + id + "'"));

    assertThat(reply.status).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("session_too_large");
  }

  @Test
  void the_doors_own_switch_ends_it() {
    stack.switches.turnOff(new Off(Target.parse("door:responses"), 0, "ann", "a drill"));

    assertThat(acme.post(body("'input':'hi'")).json().path("error").path("code").asText())
        .isEqualTo("switched_off");
  }

  @Test
  void a_limit_is_named_in_the_words_of_the_door() {
    Client.Reply large = acme.post(body("'input':'hi','max_output_tokens':5000"));
    Client.Reply ignored =
        acme.post(
            body("'input':'hi','user':'u','tools':[{'type':'function','name':'f','strict':true}]"));

    assertThat(large.json().path("error").path("param").asText()).isEqualTo("max_output_tokens");
    assertThat(large.json().path("error").path("message").asText()).doesNotContain("max_tokens");
    assertThat(ignored.header("x-weir-ignored")).isEqualTo("tools.strict, user");
  }

  @Test
  void a_call_whose_arguments_are_broken_can_still_be_answered() {
    stack.model.says(
        ScriptedModel.whole(
            List.of(
                new ModelEvent.ToolStarted(0, "c1", "f"),
                new ModelEvent.ToolDelta(0, "{\"q\":"),
                new ModelEvent.Stopped(StopReason.TOOL_USE),
                new ModelEvent.UsageReported(Usage.of(1, 1)))));
    String tools = "'tools':[{'type':'function','name':'f'}]";
    String id = acme.post(body("'input':'hi'," + tools)).json().path("id").asText();

    Client.Reply reply =
        acme.post(
            body(
                tools
                    + ",'previous_response_id':'"
                    + id
                    + "','input':[{'type':'function_call_output','call_id':'c1','output':'no'}]"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(stack.model.calls.getLast().request().body().toString()).contains("malformed");
  }
}
