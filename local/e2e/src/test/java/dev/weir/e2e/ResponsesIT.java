package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.tenant.SessionRule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sessions through the real template: two functions, the table in DynamoDB Local. */
class ResponsesIT extends OnStack {

  ResponsesIT() throws IOException {
    super(Stack.start("responses", Map.of("RequestSeconds", "20")));
  }

  private Reply respond(Caller caller, String fields) {
    return stack.send(
        caller,
        "POST",
        "/v1/responses",
        "{\"model\":\"scripted\"," + fields.replace('\'', '"') + "}");
  }

  private static String id(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().path("id").asText();
  }

  private static List<String> types(Reply stream) {
    return stream.chunks().stream().map(event -> event.path("type").asText()).toList();
  }

  @Test
  void what_was_deleted_is_not_given_again_for_its_idempotency_key() {
    Caller caller = caller();
    String body = "{\"model\":\"scripted\",\"input\":\"one\"}";
    Map<String, String> key = Map.of("Idempotency-Key", "deleted");
    Reply first = stack.post(caller, "/v1/responses", body, key);
    // The answer is kept for its key after its last byte.
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(stack.post(caller, "/v1/responses", body, key).body())
                .isEqualTo(first.body()));

    stack.send(caller, "DELETE", "/v1/responses/" + id(first), "");
    Reply again = stack.post(caller, "/v1/responses", body, key);

    assertThat(again.status()).isEqualTo(404);
    assertThat(again.code()).isEqualTo("response_not_found");
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
  }

  @Test
  void three_turns_are_remembered_and_the_streamed_one_can_be_gone_on_from_at_once() {
    Caller caller = caller();
    String first = id(respond(caller, "'input':'one'"));

    Reply stream =
        respond(caller, "'input':'two','stream':true,'previous_response_id':'" + first + "'");
    JsonNode completed = stream.chunks().getLast();
    String second = completed.path("response").path("id").asText();
    Reply third = respond(caller, "'input':'three','previous_response_id':'" + second + "'");

    assertThat(types(stream)).startsWith("response.created").endsWith("response.completed");
    assertThat(third.json().path("usage").path("input_tokens").asInt())
        .isGreaterThan(completed.path("response").path("usage").path("input_tokens").asInt());
    assertThat(stack.get(caller, "/v1/responses/" + second).json())
        .isEqualTo(completed.path("response"));
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(stack.ledger(caller))
                .extracting(row -> Stack.text(row, "outcome"))
                .containsExactly("complete", "complete", "complete"));
  }

  @Test
  void what_a_long_conversation_would_forget_is_summarised_and_paid_once() {
    Caller caller = caller();
    String conversation =
        stack.send(caller, "POST", "/v1/conversations", "{}").json().path("id").asText();
    Reply reply = turn(caller, conversation, 0);
    int turns = 1;
    while (reply.header("x-weir-memory").equals("whole")) {
      assertThat(turns).isLessThan(20);
      reply = turn(caller, conversation, turns++);
    }

    assertThat(reply.header("x-weir-memory")).startsWith("summarised; model=echo; cost-microusd=");
    assertThat(turn(caller, conversation, turns++).header("x-weir-memory")).isEqualTo("whole");
    assertThat(
            stack
                .get(caller, "/v1/conversations/" + conversation + "/items?order=asc")
                .json()
                .at("/data/0/content/0/text")
                .asText())
        .startsWith("Summary of the conversation before this")
        .contains("turn 0");
    int rows = turns + 1;
    await().atMost(Duration.ofSeconds(10)).until(() -> stack.ledger(caller).size() == rows);
    String summary = reply.header("x-request-id") + "-summary";
    assertThat(stack.ledger(caller))
        .filteredOn(row -> Stack.text(row, "model").equals("echo"))
        .singleElement()
        .satisfies(row -> assertThat(Stack.text(row, "request")).isEqualTo(summary));
    long spent =
        stack.ledger(caller).stream()
            .mapToLong(
                row -> Math.ceilDiv(Long.parseLong(Stack.text(row, "costPicoUsd")), 1_000_000))
            .sum();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(stack.directory().spend(caller.tenantId()).orElseThrow().dayMicroUsd())
                .isEqualTo(spent));
  }

  private Reply turn(Caller caller, String conversation, int number) {
    Reply reply =
        stack.send(
            caller,
            "POST",
            "/v1/responses",
            "{\"model\":\"recalling\",\"conversation\":\"%s\",\"input\":\"turn %d %s\"}"
                .formatted(conversation, number, "word ".repeat(20)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply;
  }

  @Test
  void a_stream_that_is_cut_says_so_and_leaves_nothing_to_go_on_from() {
    Caller caller = caller();
    stack.fault("{\"kind\":\"cut\",\"afterEvents\":3,\"times\":1}");

    Reply stream = respond(caller, "'input':'one two three','stream':true");

    JsonNode failed = stream.chunks().getLast();
    assertThat(failed.path("type").asText()).isEqualTo("response.failed");
    assertThat(
            stack
                .get(caller, "/v1/responses/" + failed.path("response").path("id").asText())
                .status())
        .isEqualTo(404);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(stack.ledger(caller))
                .extracting(row -> Stack.text(row, "outcome"))
                .containsExactly("cut"));
  }

  @Test
  void of_turns_at_once_in_one_conversation_one_is_added_and_the_others_are_told() {
    Caller caller = caller();
    String conversation = id(stack.send(caller, "POST", "/v1/conversations", "{}"));
    String fields = "'input':'at once','conversation':'" + conversation + "'";
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":20}");

    List<Integer> statuses =
        IntStream.range(0, 3)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> respond(caller, fields).status()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    assertThat(statuses).containsExactly(200, 409, 409);
    assertThat(
            stack.get(caller, "/v1/conversations/" + conversation + "/items").json().path("data"))
        .hasSize(2);
  }

  @Test
  void what_is_over_or_deleted_or_anothers_is_not_there() {
    Caller caller = caller();
    String kept = id(respond(caller, "'input':'hi'"));
    String expired = id(respond(caller, "'input':'hi'"));
    String deleted = id(respond(caller, "'input':'hi'"));

    stack.set("SessionsTable", caller.tenantId() + "#" + expired, "x", 1);
    assertThat(stack.send(caller, "DELETE", "/v1/responses/" + deleted, "").status())
        .isEqualTo(200);

    assertThat(stack.get(caller, "/v1/responses/" + kept).status()).isEqualTo(200);
    for (String gone : List.of(expired, deleted, "resp_never")) {
      assertThat(stack.get(caller, "/v1/responses/" + gone).status()).isEqualTo(404);
      assertThat(respond(caller, "'input':'x','previous_response_id':'" + gone + "'").status())
          .isEqualTo(404);
    }
    assertThat(stack.get(caller(), "/v1/responses/" + kept).status()).isEqualTo(404);
    assertThat(
            stack.scan("SessionsTable").stream()
                .map(item -> Stack.text(item, "pk"))
                .filter(pk -> pk.contains(deleted)))
        .isEmpty();
  }

  @Test
  void what_is_kept_is_behind_the_same_limits_and_switches_as_what_makes_it() {
    Caller busy = stack.tenant(Stack.requestsPerMinute(3));
    String large = "{\"metadata\":{\"a\":\"%s\"}}".formatted("x".repeat(100_000));
    List<Integer> statuses =
        IntStream.range(0, 30)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () -> stack.send(busy, "POST", "/v1/conversations", large).status()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(3);
    assertThat(statuses).filteredOn(status -> status == 429).hasSize(27);

    Caller caller = caller();
    String path = "/v1/conversations/" + id(stack.send(caller, "POST", "/v1/conversations", "{}"));
    Target tenant = Target.parse("tenant:" + caller.tenantId());
    stack.switches().turnOff(new Off(tenant, 0, "ann", "a drill"));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> stack.get(caller, path).code().equals("switched_off"));
    stack.switches().turnOn(tenant);
    await().atMost(Duration.ofSeconds(10)).until(() -> stack.get(caller, path).status() == 200);

    stack.directory().suspend(caller.tenantId());
    assertThat(stack.get(caller, path).code()).isEqualTo("tenant_suspended");
    assertThat(stack.send(caller, "DELETE", path, "").code()).isEqualTo("tenant_suspended");
  }

  @Test
  void without_store_and_where_sessions_are_off_the_table_stays_empty() {
    Caller caller = caller();
    respond(caller, "'input':'hi','store':false");
    stack
        .directory()
        .changeSessions(
            caller.tenantId(), new SessionRule(false, OptionalInt.empty(), OptionalInt.empty()));

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(respond(caller, "'input':'hi','store':true").code())
                .isEqualTo("sessions_off"));

    assertThat(
            stack.scan("SessionsTable").stream()
                .map(item -> Stack.text(item, "pk"))
                .filter(pk -> pk.startsWith(caller.tenantId() + "#")))
        .isEmpty();
  }
}
