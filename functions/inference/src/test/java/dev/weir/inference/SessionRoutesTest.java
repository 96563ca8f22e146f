package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.door.Problem;
import dev.weir.guard.Rule;
import dev.weir.guard.Samples;
import dev.weir.model.StopReason;
import dev.weir.tenant.SessionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    SessionRoutes.Reply reply = stack.route("acme", method, resource, path, query, body);
    assertThat(reply).isInstanceOf(SessionRoutes.Reply.Found.class);
    return ((SessionRoutes.Reply.Found) reply).body();
  }

  private Problem refused(String method, String resource, Map<String, String> path, String body) {
    return refused(method, resource, path, Map.of(), body);
  }

  private Problem refused(
      String method,
      String resource,
      Map<String, String> path,
      Map<String, String> query,
      String body) {
    SessionRoutes.Reply reply = stack.route("acme", method, resource, path, query, body);
    assertThat(reply).isInstanceOf(SessionRoutes.Reply.Not.class);
    return ((SessionRoutes.Reply.Not) reply).problem();
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
    assertThat(refused("GET", "/v1/responses/{id}", path, "").error().status()).isEqualTo(404);
    assertThat(refused("GET", "/v1/responses/{id}/input_items", path, "").error().status())
        .isEqualTo(404);
    assertThat(refused("DELETE", "/v1/responses/{id}", path, "").error().status()).isEqualTo(404);
  }

  @Test
  void nothing_runs_in_the_background_so_nothing_can_be_cancelled() {
    String id = response("\"hi\"");

    assertThat(refused("POST", "/v1/responses/{id}/cancel", Map.of("id", id), "").error().code())
        .isEqualTo("not_cancellable");
    assertThat(
            refused("POST", "/v1/responses/{id}/cancel", Map.of("id", "resp_x"), "")
                .error()
                .status())
        .isEqualTo(404);
  }

  @Test
  void a_stored_response_is_not_streamed_again() {
    String id = response("\"hi\"");

    assertThat(
            refused("GET", "/v1/responses/{id}", Map.of("id", id), Map.of("stream", "true"), "")
                .error()
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
    assertThat(refused("GET", "/v1/conversations/{id}", path, "").error().code())
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
                .error()
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
    assertThat(refused("GET", resource, path, "").error().code()).isEqualTo("item_not_found");
    assertThat(refused("DELETE", resource, path, "").error().status()).isEqualTo(404);
  }

  @Test
  void items_a_response_could_not_go_on_from_are_refused() {
    Map<String, String> path = Map.of("id", conversation(0));
    String resource = "/v1/conversations/{id}/items";

    assertThat(refused("POST", resource, path, "{}").error().param()).contains("items");
    assertThat(
            refused(
                    "POST",
                    resource,
                    path,
                    "{\"items\":[{\"type\":\"function_call_output\",\"call_id\":\"a\",\"output\":\"x\"}]}")
                .error()
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
    assertThat(refused("POST", resource, path, items.formatted(attack)).error().code())
        .isEqualTo("content_filter");
  }

  @Test
  void where_sessions_are_off_none_is_begun() {
    stack.limiter.sessions = new SessionRule(false, OptionalInt.empty(), OptionalInt.empty());

    assertThat(refused("POST", "/v1/conversations", Map.of(), "").error().code())
        .isEqualTo("sessions_off");
  }

  @Test
  void another_tenants_conversation_is_absent() {
    String id = conversation(1);

    assertThat(stack.route("other", "GET", "/v1/conversations/{id}", Map.of("id", id), ""))
        .isInstanceOf(SessionRoutes.Reply.Not.class);
    assertThat(stack.route("other", "DELETE", "/v1/conversations/{id}", Map.of("id", id), ""))
        .isInstanceOf(SessionRoutes.Reply.Not.class);
    assertThat(found("GET", "/v1/conversations/{id}", Map.of("id", id), "").path("id").asText())
        .isEqualTo(id);
  }
}
