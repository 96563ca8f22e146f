package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.admission.Ask;
import dev.weir.admission.Dimension;
import dev.weir.audit.AuditEntry;
import dev.weir.guard.Rule;
import dev.weir.guard.Samples;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.model.StopReason;
import dev.weir.session.Sessions;
import dev.weir.tenant.SessionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionRoutesTest {

  private final TestStack stack = new TestStack();

  private JsonNode found(String method, String resource, Map<String, String> path, String body) {
    return found(method, resource, path, Map.of(), body);
  }

  private JsonNode found(
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> query,
      String body) {
    Client.Reply reply = stack.sessions("acme").ask(method, resource, path, query, body);
    assertThat(reply.status).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private Client.Reply refused(
      String method, String resource, Map<String, String> path, String body) {
    return refused(method, resource, path, Map.of(), body);
  }

  private Client.Reply refused(
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> query,
      String body) {
    Client.Reply reply = stack.sessions("acme").ask(method, resource, path, query, body);
    assertThat(reply.status).as(reply.text()).isGreaterThanOrEqualTo(400);
    return reply;
  }

  private String response(String input) {
    stack.model.says(ScriptedModel.text("ok", StopReason.END_TURN));
    return stack
        .responses("acme")
        .post("{\"model\":\"m\",\"input\":%s}".formatted(input))
        .json()
        .path("id")
        .asText();
  }

  private static List<String> ids(JsonNode list) {
    return list.path("data").valueStream().map(item -> item.path("id").asText()).toList();
  }

  private String conversation(int items) {
    String conversation =
        found("POST", "/v1/conversations", Map.of(), "{\"metadata\":{\"a\":\"b\"}}")
            .path("id")
            .asText();
    for (int i = 0; i < items; i++) {
      found(
          "POST",
          "/v1/conversations/{id}/items",
          Map.of("id", conversation),
          "{\"items\":[{\"role\":\"user\",\"content\":\"" + i + "\"}]}");
    }
    return conversation;
  }

  @Test
  void a_response_is_shown_with_its_input_and_then_deleted() {
    String id =
        response(
            "[{\"role\":\"user\",\"content\":\"one\"},{\"role\":\"user\",\"content\":\"two\"}]");
    Map<String, String> path = Map.of("id", id);

    JsonNode input = found("GET", "/v1/responses/{id}/input_items", path, "");
    assertThat(input.path("data").findValuesAsText("text")).containsExactly("two", "one");
    assertThat(found("DELETE", "/v1/responses/{id}", path, "").path("deleted").asBoolean())
        .isTrue();
    assertThat(refused("GET", "/v1/responses/{id}", path, "").status).isEqualTo(404);
    assertThat(refused("GET", "/v1/responses/{id}/input_items", path, "").status).isEqualTo(404);
    assertThat(refused("DELETE", "/v1/responses/{id}", path, "").status).isEqualTo(404);
  }

  @Test
  void nothing_runs_in_the_background_so_nothing_can_be_cancelled() {
    String id = response("\"hi\"");

    assertThat(refused("POST", "/v1/responses/{id}/cancel", Map.of("id", id), "").code())
        .isEqualTo("not_cancellable");
    assertThat(refused("POST", "/v1/responses/{id}/cancel", Map.of("id", "resp_x"), "").status)
        .isEqualTo(404);
  }

  @Test
  void a_stored_response_is_not_streamed_again() {
    String id = response("\"hi\"");

    assertThat(
            refused("GET", "/v1/responses/{id}", Map.of("id", id), Map.of("stream", "true"), "")
                .param())
        .contains("stream");
  }

  @Test
  void a_conversation_is_made_changed_and_deleted() {
    Map<String, String> path = Map.of("id", conversation(1));

    assertThat(
            found("POST", "/v1/conversations/{id}", path, "{\"metadata\":{\"c\":\"d\"}}")
                .path("metadata")
                .path("c")
                .asText())
        .isEqualTo("d");
    assertThat(found("GET", "/v1/conversations/{id}", path, "").path("object").asText())
        .isEqualTo("conversation");
    assertThat(found("DELETE", "/v1/conversations/{id}", path, "").path("object").asText())
        .isEqualTo("conversation.deleted");
    assertThat(refused("GET", "/v1/conversations/{id}", path, "").code())
        .isEqualTo("conversation_not_found");
  }

  @Test
  void items_come_in_pages_without_gap_or_repetition() {
    Map<String, String> path = Map.of("id", conversation(5));
    String resource = "/v1/conversations/{id}/items";

    JsonNode first = found("GET", resource, path, Map.of("limit", "2", "order", "asc"), "");
    JsonNode rest =
        found(
            "GET",
            resource,
            path,
            Map.of("limit", "3", "order", "asc", "after", first.path("last_id").asText()),
            "");

    assertThat(first.path("has_more").asBoolean()).isTrue();
    assertThat(rest.path("has_more").asBoolean()).isFalse();
    List<String> all = new ArrayList<>(ids(first));
    all.addAll(ids(rest));
    assertThat(all)
        .hasSize(5)
        .doesNotHaveDuplicates()
        .isEqualTo(ids(found("GET", resource, path, Map.of("order", "asc"), "")));
    assertThat(ids(found("GET", resource, path, ""))).isEqualTo(all.reversed());
  }

  @ParameterizedTest
  @CsvSource({"limit,0", "limit,101", "order,up", "after,nobody", "include,x"})
  void a_wrong_page_is_refused_by_name(String name, String value) {
    assertThat(
            refused(
                    "GET",
                    "/v1/conversations/{id}/items",
                    Map.of("id", conversation(1)),
                    Map.of(name, value),
                    "")
                .param())
        .contains(name);
  }

  @Test
  void one_item_is_shown_and_removed() {
    String id = conversation(2);
    String resource = "/v1/conversations/{id}/items/{item}";
    String item =
        ids(found("GET", "/v1/conversations/{id}/items", Map.of("id", id), "")).getFirst();
    Map<String, String> path = Map.of("id", id, "item", item);

    assertThat(found("GET", resource, path, "").path("id").asText()).isEqualTo(item);
    assertThat(found("DELETE", resource, path, "").path("id").asText()).isEqualTo(id);
    assertThat(refused("GET", resource, path, "").code()).isEqualTo("item_not_found");
    assertThat(refused("DELETE", resource, path, "").status).isEqualTo(404);
  }

  @Test
  void items_a_response_could_not_go_on_from_are_refused() {
    Map<String, String> path = Map.of("id", conversation(0));
    String resource = "/v1/conversations/{id}/items";

    assertThat(refused("POST", resource, path, "{}").param()).contains("items");
    assertThat(
            refused(
                    "POST",
                    resource,
                    path,
                    "{\"items\":[{\"type\":\"function_call_output\",\"call_id\":\"a\",\"output\":\"x\"}]}")
                .param())
        .contains("items[0].call_id");
  }

  @Test
  void what_is_put_in_is_judged_by_the_tenants_own_guards() {
    stack.limiter.guard = Optional.of("local");
    String secret = Samples.byRule().getOrDefault(Rule.PII, "");
    String attack = Samples.byRule().getOrDefault(Rule.INJECTION, "");
    Map<String, String> path = Map.of("id", conversation(0));
    String resource = "/v1/conversations/{id}/items";
    String items = "{\"items\":[{\"role\":\"user\",\"content\":\"so %s\"}]}";

    assertThat(found("POST", resource, path, items.formatted(secret)).toString())
        .contains("so ")
        .doesNotContain(secret);
    assertThat(refused("POST", resource, path, items.formatted(attack)).code())
        .isEqualTo("content_filter");
  }

  @Test
  void where_sessions_are_off_none_is_begun() {
    stack.limiter.sessions = new SessionRule(false, OptionalInt.empty(), OptionalInt.empty());

    assertThat(refused("POST", "/v1/conversations", Map.of(), "").code()).isEqualTo("sessions_off");
  }

  @Test
  void another_tenants_conversation_is_absent() {
    String id = conversation(1);

    assertThat(stack.route("other", "GET", "/v1/conversations/{id}", Map.of("id", id), "").status)
        .isEqualTo(404);
    assertThat(
            stack.route("other", "DELETE", "/v1/conversations/{id}", Map.of("id", id), "").status)
        .isEqualTo(404);
    assertThat(found("GET", "/v1/conversations/{id}", Map.of("id", id), "").path("id").asText())
        .isEqualTo(id);
  }

  /** Every route, of a conversation and a response that are there. */
  private List<Client.Reply> everyRoute(String response, String conversation) {
    Map<String, String> one = Map.of("id", response);
    Map<String, String> other = Map.of("id", conversation, "item", "msg_0");
    String items = "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    return List.of(
        stack.route("acme", "GET", "/v1/responses/{id}", one, ""),
        stack.route("acme", "GET", "/v1/responses/{id}/input_items", one, ""),
        stack.route("acme", "POST", "/v1/responses/{id}/cancel", one, ""),
        stack.route("acme", "POST", "/v1/conversations", Map.of(), items),
        stack.route("acme", "GET", "/v1/conversations/{id}", other, ""),
        stack.route("acme", "POST", "/v1/conversations/{id}", other, "{\"metadata\":{}}"),
        stack.route("acme", "GET", "/v1/conversations/{id}/items", other, ""),
        stack.route("acme", "POST", "/v1/conversations/{id}/items", other, items),
        stack.route("acme", "GET", "/v1/conversations/{id}/items/{item}", other, ""),
        stack.route("acme", "DELETE", "/v1/conversations/{id}/items/{item}", other, ""),
        stack.route("acme", "DELETE", "/v1/conversations/{id}", other, ""),
        stack.route("acme", "DELETE", "/v1/responses/{id}", one, ""));
  }

  @Test
  void an_id_of_another_kind_or_form_is_not_there_and_nothing_is_touched() {
    String response = response("\"hi\"");
    String conversation = conversation(1);
    int before = stack.sessionRequests.get();

    for (String wrong : List.of("x".repeat(3000), "resp_x#1.1", "conv_x#1.1", "resp_", "conv_")) {
      assertThat(everyRoute(wrong, wrong))
          .filteredOn(reply -> reply.status != 200)
          .hasSize(11)
          .allMatch(reply -> reply.status == 404);
    }
    List<Client.Reply> swapped = everyRoute(conversation, response);

    assertThat(swapped)
        .extracting(Client.Reply::code)
        .containsExactly(
            "response_not_found",
            "response_not_found",
            "response_not_found",
            "",
            "conversation_not_found",
            "conversation_not_found",
            "conversation_not_found",
            "conversation_not_found",
            "conversation_not_found",
            "conversation_not_found",
            "conversation_not_found",
            "response_not_found");
    assertThat(stack.sessionRequests).as("but for six conversations made").hasValue(before + 6);
    found("GET", "/v1/responses/{id}", Map.of("id", response), "");
    assertThat(ids(found("GET", "/v1/conversations/{id}/items", Map.of("id", conversation), "")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "door:responses", "tenant:acme", "key:k1"})
  void a_switch_that_ends_responses_ends_every_route_to_what_is_kept(String off) {
    String response = response("\"hi\"");
    String conversation = conversation(1);
    int before = stack.sessionRequests.get();
    stack.switches.turnOff(new Off(Target.parse(off), 0, "ann", "a drill"));
    stack.later(Duration.ofSeconds(3));

    assertThat(everyRoute(response, conversation))
        .allMatch(reply -> reply.status == 403 && reply.code().equals("switched_off"));
    assertThat(stack.sessionRequests).hasValue(before);
  }

  @Test
  void the_switch_of_a_model_does_not_end_what_asks_none() {
    stack.switches.turnOff(new Off(Target.parse("model:m"), 0, "ann", "a drill"));
    stack.later(Duration.ofSeconds(3));

    found("GET", "/v1/conversations/{id}", Map.of("id", conversation(0)), "");
  }

  @ParameterizedTest
  @CsvSource({
    "TENANT_STATUS, 403, tenant_suspended",
    "KEY, 401, invalid_api_key",
    "REQUESTS, 429, rate_limit_exceeded",
    "UNAVAILABLE, 503, limiter_unavailable"
  })
  void whom_the_limits_refuse_has_no_route_to_what_is_kept(
      Dimension dimension, int status, String code) {
    String response = response("\"hi\"");
    String conversation = conversation(1);
    int before = stack.sessionRequests.get();
    stack.limiter.refuseWith(dimension);

    assertThat(everyRoute(response, conversation))
        .allMatch(reply -> reply.status == status && reply.code().equals(code));
    assertThat(stack.sessionRequests).hasValue(before);
  }

  @Test
  void every_route_counts_as_a_request_that_costs_nothing_and_says_what_is_left() {
    String response = response("\"hi\"");
    String conversation = conversation(1);
    int before = stack.limiter.asks.size();

    List<Client.Reply> replies = everyRoute(response, conversation);

    assertThat(replies)
        .allMatch(reply -> !reply.header("x-ratelimit-remaining-requests").isEmpty());
    assertThat(stack.limiter.asks.subList(before, stack.limiter.asks.size()))
        .hasSameSizeAs(replies)
        .allMatch(ask ->
            ask.tokens() == 0
                && ask.microUsd() == 0
                && ask.lease().isZero()
                && ask.model().equals(Ask.NO_MODEL));
    assertThat(stack.ledger.rows).hasSize(1);
    assertThat(stack.logged())
        .contains("\"route\":\"GET /v1/responses/{id}\"", "\"door\":\"sessions\"");
  }

  @Test
  void of_a_tenant_that_nobody_knows_nothing_is_read() {
    stack.limiter.forgets = true;

    assertThat(refused("POST", "/v1/conversations", Map.of(), "").code())
        .isEqualTo("session_unavailable");
  }

  @Test
  void while_the_store_is_away_each_route_says_so_and_when_to_retry() {
    String response = response("\"hi\"");
    String conversation = conversation(1);
    stack.breakSessions();

    assertThat(everyRoute(response, conversation))
        .allMatch(reply ->
            reply.status == 503
                && reply.code().equals("session_unavailable")
                && reply.header("retry-after").equals("1"));
  }

  @Test
  void a_conversation_grows_to_a_bound_however_well_it_compresses() {
    String full =
        "{\"metadata\":{},\"turns\":[{\"id\":\"0\",\"items\":[{\"tokens\":1,\"item\":{\"id\":\"msg_0\","
            + "\"role\":\"user\",\"content\":\""
            + "a".repeat(Sessions.LARGEST - 50_000)
            + "\"}}]}]}";
    Map<String, String> path = Map.of("id", stack.stored("acme", "conv_0", full));
    String resource = "/v1/conversations/{id}/items";
    String items = "{\"items\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

    Client.Reply reply = refused("POST", resource, path, items.formatted("a".repeat(60_000)));

    assertThat(reply.status).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("session_too_large");
    found("POST", resource, path, items.formatted("a".repeat(40_000)));
    assertThat(ids(found("GET", resource, path, ""))).hasSize(2);
  }

  @Test
  void what_is_larger_than_is_kept_nowadays_is_not_read_and_can_be_deleted() {
    Map<String, String> path = Map.of("id", stack.oversized("acme", "conv_0"));

    Client.Reply reply = refused("GET", "/v1/conversations/{id}", path, "");
    assertThat(reply.status).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("session_too_large");
    found("DELETE", "/v1/conversations/{id}", path, "");
  }

  @Test
  void what_guards_did_to_items_is_said_and_audited() {
    stack.limiter.guard = Optional.of("local");
    Map<String, String> path = Map.of("id", conversation(0));
    String resource = "/v1/conversations/{id}/items";
    String items = "{\"items\":[{\"role\":\"user\",\"content\":\"so %s\"}]}";
    stack.audit.entries.clear();

    Client.Reply masked =
        stack.route(
            "acme", "POST", resource, path, items.formatted(Samples.byRule().get(Rule.PII)));
    Client.Reply blocked =
        stack.route(
            "acme", "POST", resource, path, items.formatted(Samples.byRule().get(Rule.INJECTION)));

    assertThat(masked.header("x-weir-guard")).startsWith("masked input:pii");
    assertThat(blocked.header("x-weir-guard")).startsWith("blocked input:");
    assertThat(stack.audit.entries)
        .extracting(AuditEntry::action, AuditEntry::decision, entry -> entry.facts().get("guard"))
        .containsExactly(
            tuple("conversation.add", "changed", masked.header("x-weir-guard")),
            tuple("sessions", "content_filter", blocked.header("x-weir-guard")));
  }

  @Test
  void every_change_is_audited_with_what_was_changed_and_looks_are_not() {
    String response = response("\"hi\"");
    String conversation = conversation(0);
    Map<String, String> path = Map.of("id", conversation);
    stack.audit.entries.clear();

    String items = "/v1/conversations/{id}/items";
    String item =
        found("POST", items, path, "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}")
            .path("first_id")
            .asText();
    found("GET", items, path, "");
    found("DELETE", items + "/{item}", Map.of("id", conversation, "item", item), "");
    found("POST", "/v1/conversations/{id}", path, "{\"metadata\":{}}");
    found("GET", "/v1/conversations/{id}", path, "");
    found("DELETE", "/v1/conversations/{id}", path, "");
    found("DELETE", "/v1/responses/{id}", Map.of("id", response), "");

    assertThat(stack.audit.entries)
        .extracting(AuditEntry::action, AuditEntry::subject, AuditEntry::decision, AuditEntry::who)
        .containsExactly(
            tuple("conversation.add", conversation, "changed", "key:k1"),
            tuple("conversation.remove", conversation, "changed", "key:k1"),
            tuple("conversation.change", conversation, "changed", "key:k1"),
            tuple("conversation.delete", conversation, "changed", "key:k1"),
            tuple("response.delete", response, "changed", "key:k1"));
  }

  @Test
  void a_change_whose_client_has_gone_is_audited() {
    stack
        .sessions("acme")
        .goingAwayAfter(0)
        .ask("POST", "/v1/conversations", Map.of(), Map.of(), "");

    assertThat(stack.audit.entries)
        .extracting(AuditEntry::action)
        .containsExactly("conversation.create");
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil/x.png, items[1].content[0].image_url",
    "'data:image/png;base64,!', items[1].content[0].image_url",
    "'data:text/plain;base64,aGk=', items[1].content[0].image_url"
  })
  void items_that_no_model_could_be_told_are_refused_by_their_name(String image, String param) {
    String id = conversation(1);
    String items =
        "{\"items\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"input_image\",\"image_url\":\""
            + image
            + "\"}]}]}";

    for (Client.Reply reply :
        List.of(
            refused("POST", "/v1/conversations/{id}/items", Map.of("id", id), items),
            refused("POST", "/v1/conversations", Map.of(), items))) {
      assertThat(reply.status).isEqualTo(400);
      assertThat(reply.param()).isEqualTo(param);
    }
  }
}
