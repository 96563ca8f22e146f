package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Switches;
import dev.weir.killswitch.Target;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Spend;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat path of the real template: front, authorizer, functions, DynamoDB Local, stand-in. */
class ChatIT extends OnStack {

  private static final String CHAT =
      "{\"model\":\"scripted\",\"max_tokens\":64,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";
  private static final String CACHEABLE =
      CHAT.replace("{\"model\"", "{\"temperature\":0,\"model\"");

  ChatIT() throws IOException {
    super(
        Stack.start(
            "chat",
            Map.of(
                "FirstContentSeconds", "2",
                "IdleSeconds", "2",
                "HeartbeatSeconds", "1",
                "RequestSeconds", "20")));
  }

  private static String streamed(String chat) {
    return chat.replaceFirst(
        "\\{", "{\"stream\":true,\"stream_options\":{\"include_usage\":true},");
  }

  @Test
  void two_hundred_calls_at_once_cannot_overdraw_a_budget_worth_twenty() throws Exception {
    Caller warm = stack.tenant(Stack.unlimited());
    together(200, () -> stack.chat(warm, CHAT));
    Caller asker = caller();
    stack.fault("{\"model\":\"*\",\"operation\":\"*\",\"kind\":\"delay\",\"delayMillis\":300}");
    long bound = reservedByOneCall(asker);
    Caller caller = stack.tenant(Stack.dayBudget(20 * bound));
    stack.bedrock("DELETE", "calls", "");

    AtomicBoolean over = new AtomicBoolean();
    AtomicLong highest = new AtomicLong();
    List<Reply> replies;
    try (ExecutorService watcher = Executors.newSingleThreadExecutor()) {
      Future<?> watching =
          watcher.submit(() -> {
            while (!over.get()) {
              highest.accumulateAndGet(spend(caller).dayMicroUsd(), Math::max);
              Thread.sleep(20);
            }
            return highest;
          });
      replies = together(200, () -> stack.chat(caller, CHAT));
      over.set(true);
      watching.get(30, TimeUnit.SECONDS);
    }

    long answered = replies.stream().filter(reply -> reply.status() == 200).count();
    // A store too slow to answer is a refusal, too; what it may have reserved stays charged.
    List<String> refusals =
        replies.stream().filter(reply -> reply.status() != 200).map(Reply::code).toList();
    assertThat(refusals).isSubsetOf("insufficient_quota", "limiter_unavailable");
    long unsure = Collections.frequency(refusals, "limiter_unavailable");
    assertThat(answered).isLessThan(200);
    assertThat(answered + unsure).isGreaterThanOrEqualTo(20);
    assertThat(highest.get()).isLessThanOrEqualTo(20 * bound);
    assertThat(stack.bedrockCount("started")).isEqualTo(answered);
    // The books are done after the client has its last byte.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> stack.ledger(caller).size() == answered && spend(caller).inFlight() <= unsure);
    long billed =
        stack.ledger(caller).stream()
            .mapToLong(
                row -> Math.ceilDiv(Long.parseLong(Stack.text(row, "costPicoUsd")), 1_000_000L))
            .sum();
    assertThat(spend(caller).dayMicroUsd())
        .isBetween(billed, Math.min(20 * bound, billed + unsure * bound));
    assertThat(spend(caller).inFlight()).isLessThanOrEqualTo((int) unsure);
    System.out.printf(
        "budget: 200 calls at once, budget %d micro-USD (20 reservations of %d): %d answered,"
            + " highest settled + reserved %d, stand-in saw %d, %d unsure%n",
        20 * bound, bound, answered, highest.get(), stack.bedrockCount("started"), unsure);
  }

  private long reservedByOneCall(Caller caller) throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Reply> call = thread.submit(() -> stack.chat(caller, CHAT));
      long reserved = 0;
      while (!call.isDone()) {
        reserved = Math.max(reserved, spend(caller).dayMicroUsd());
      }
      assertThat(call.get().status()).isEqualTo(200);
      assertThat(reserved).isPositive();
      return reserved;
    }
  }

  /** The day's spend once no call holds a reservation. */
  private long settled(Caller caller) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> spend(caller), spend -> spend.inFlight() == 0)
        .dayMicroUsd();
  }

  private Spend spend(Caller caller) {
    return stack.directory().spend(caller.tenantId()).orElseThrow();
  }

  @Test
  void fifty_equal_requests_on_a_cold_key_make_one_upstream_call() throws Exception {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.fault("{\"model\":\"*\",\"operation\":\"*\",\"kind\":\"delay\",\"delayMillis\":500}");

    List<Reply> replies = together(50, () -> stack.chat(caller, CACHEABLE));

    assertThat(replies).allMatch(reply -> reply.status() == 200);
    assertThat(replies.stream().map(reply -> reply.json().path("choices")).distinct()).hasSize(1);
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
    await().atMost(Duration.ofSeconds(30)).until(() -> stack.ledger(caller).size() == 50);
    System.out.printf(
        "single flight: 50 equal requests, %d upstream call, %d distinct answer%n",
        stack.bedrockCount("started"),
        replies.stream().map(reply -> reply.json().path("choices")).distinct().count());
  }

  @Test
  void two_tenants_with_the_same_prompt_share_no_entry() {
    Caller one = stack.tenant(Stack.unlimited());
    Caller other = stack.tenant(Stack.unlimited());

    assertThat(stack.chat(one, CACHEABLE).header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.chat(other, CACHEABLE).header("x-weir-cache")).isEqualTo("miss");
    assertThat(stack.chat(one, CACHEABLE).header("x-weir-cache")).isEqualTo("hit");
    assertThat(stack.bedrockCount("started")).isEqualTo(2);
  }

  static Stream<String> fixtures() {
    return Stream.of(
        // text
        "[{\"messageStart\":{\"role\":\"assistant\"}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Grüße \"}}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"🙂 done\"}}},"
            + "{\"contentBlockStop\":{\"contentBlockIndex\":0}},"
            + "{\"messageStop\":{\"stopReason\":\"end_turn\"}},"
            + "{\"metadata\":{\"usage\":{\"inputTokens\":11,\"outputTokens\":5,\"totalTokens\":16},\"metrics\":{\"latencyMs\":1}}}]",
        // two tools at blocks 1 and 2 after text
        "[{\"messageStart\":{\"role\":\"assistant\"}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Looking\"}}},"
            + "{\"contentBlockStop\":{\"contentBlockIndex\":0}},"
            + "{\"contentBlockStart\":{\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"weather\"}}}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{\\\"city\\\":\"}}}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"\\\"Rome\\\"}\"}}}},"
            + "{\"contentBlockStop\":{\"contentBlockIndex\":1}},"
            + "{\"contentBlockStart\":{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t2\",\"name\":\"weather\"}}}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}}},"
            + "{\"contentBlockStop\":{\"contentBlockIndex\":2}},"
            + "{\"messageStop\":{\"stopReason\":\"tool_use\"}},"
            + "{\"metadata\":{\"usage\":{\"inputTokens\":30,\"outputTokens\":21,\"totalTokens\":51},\"metrics\":{\"latencyMs\":1}}}]",
        // cut off by the cap, with provider prompt caching in the usage
        "[{\"messageStart\":{\"role\":\"assistant\"}},"
            + "{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"half a\"}}},"
            + "{\"contentBlockStop\":{\"contentBlockIndex\":0}},"
            + "{\"messageStop\":{\"stopReason\":\"max_tokens\"}},"
            + "{\"metadata\":{\"usage\":{\"inputTokens\":4,\"outputTokens\":2,\"totalTokens\":26,\"cacheReadInputTokens\":20},\"metrics\":{\"latencyMs\":1}}}]");
  }

  private static final String WITH_TOOLS =
      "{\"model\":\"scripted\",\"max_tokens\":64,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}],"
          + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":"
          + "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]}";

  @ParameterizedTest
  @MethodSource("fixtures")
  void a_stream_equals_a_body_field_by_field(String script) {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.bedrock("PUT", "scripts/local.scripted", script);

    JsonNode body = stack.chat(caller, WITH_TOOLS).json();
    Reply stream = stack.chat(caller, streamed(WITH_TOOLS));

    ObjectNode rebuilt = Accumulator.rebuild(stream.chunks());
    assertThat(rebuilt.path("choices")).isEqualTo(body.path("choices"));
    assertThat(rebuilt.path("usage")).isEqualTo(body.path("usage"));
    assertThat(rebuilt.path("model")).isEqualTo(body.path("model"));
    assertThat(stream.data()).last().isEqualTo("[DONE]");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void a_stream_cut_at_every_frame_ends_in_an_error_event_and_a_settled_row(String script) {
    stack.bedrock("PUT", "scripts/local.scripted", script);
    int frames = script.split("\\}\\},\\{", -1).length;
    for (int after = 0; after < frames - 1; after++) {
      Caller caller = stack.tenant(Stack.unlimited());
      stack.fault(
          "{\"model\":\"*\",\"operation\":\"ConverseStream\",\"kind\":\"cut\",\"afterEvents\":%d,\"times\":1}"
              .formatted(after));

      Reply reply = stack.chat(caller, streamed(WITH_TOOLS));

      if (reply.body().contains("[DONE]")) {
        // Only the usage was lost: the answer is whole, its bill a bound.
        assertThat(after).isGreaterThanOrEqualTo(frames - 2);
      } else {
        assertThat(reply.body()).as("cut after %d", after).contains("\"code\":\"upstream_cut\"");
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> stack.ledger(caller).size() == 1 && spend(caller).inFlight() == 0);
      assertThat(stack.ledger(caller).getFirst().get("estimated"))
          .matches(estimated -> estimated != null && Boolean.TRUE.equals(estimated.bool()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stallBeforeHeaders|buffered",
        "stallBeforeHeaders|streamed",
        "stallBeforeFirst|buffered",
        "stallBeforeFirst|streamed",
        "stallAfter|buffered",
        "stallAfter|streamed"
      })
  void a_stalled_upstream_ends_at_its_deadline(String fault) {
    String[] parts = fault.split("\\|", -1);
    Caller caller = stack.tenant(Stack.unlimited());
    stack.fault(
        "{\"model\":\"*\",\"operation\":\"*\",\"kind\":\"%s\",\"afterEvents\":3,\"times\":1}"
            .formatted(parts[0]));

    Reply reply = stack.chat(caller, parts[1].equals("buffered") ? CHAT : streamed(CHAT));

    assertThat(reply.body()).contains("\"code\":\"upstream_timeout\"").doesNotContain("[DONE]");
    assertThat(reply.status()).isEqualTo(fault.equals("stallAfter|streamed") ? 200 : 504);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> stack.ledger(caller).size() == 1 && spend(caller).inFlight() == 0);
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.bedrockCount("inFlight") == 0);
  }

  @Test
  void the_first_chunk_leaves_while_the_model_is_still_writing() {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":4}");

    try (Stream<String> lines = stack.open(caller, streamed(CHAT))) {
      assertThat(lines.iterator().next()).startsWith("data: ");
      assertThat(stack.bedrockCount("inFlight")).isEqualTo(1);
      assertThat(stack.bedrockCount("completed")).isZero();
    }
  }

  @Test
  void a_client_that_hangs_up_cancels_the_upstream_and_is_settled() {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":4}");

    try (Stream<String> lines = stack.open(caller, streamed(CHAT))) {
      assertThat(lines.iterator().next()).startsWith("data: ");
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> stack.bedrockCount("cancelled") == 1);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> stack.ledger(caller).size() == 1 && spend(caller).inFlight() == 0);
    assertThat(Stack.text(stack.ledger(caller).getFirst(), "outcome")).isEqualTo("cancelled");
  }

  @Test
  void a_client_that_hangs_up_and_asks_again_by_its_key_pays_once() {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":8}");
    Map<String, String> key = Map.of("Idempotency-Key", "retry-" + caller.keyId());

    try (Stream<String> lines = stack.open(caller, streamed(CHAT), key)) {
      assertThat(lines.iterator().next()).startsWith("data: ");
    }
    Reply early = stack.chat(caller, streamed(CHAT), key);
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.code()).isEqualTo("idempotency_key_in_use");
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 1);
    Reply again = stack.chat(caller, streamed(CHAT), key);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("x-weir-idempotency")).isEqualTo("replayed");
    assertThat(again.body()).contains("three").contains("[DONE]");
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
    assertThat(stack.bedrockCount("cancelled")).isZero();
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 2);
    assertThat(stack.ledger(caller).stream().map(row -> Stack.text(row, "outcome")))
        .containsExactlyInAnyOrder("complete", "replayed");
  }

  @Test
  void silence_within_an_answer_is_bridged_by_comments() {
    Caller caller = stack.tenant(Stack.unlimited());
    stack.fault(
        "{\"model\":\"*\",\"operation\":\"ConverseStream\",\"kind\":\"stallAfter\",\"afterEvents\":3,\"times\":1}");

    assertThat(stack.chat(caller, streamed(CHAT)).body()).contains(": keep-alive");
  }

  @Test
  void a_switch_ends_a_running_stream_and_the_calls_after_it_within_five_seconds() {
    Caller caller = stack.tenant(Stack.unlimited());
    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
    Switches switches = stack.switches();
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":1}");
    Target model = Target.parse("model:scripted");
    try (Stream<String> lines = stack.open(caller, streamed(CHAT))) {
      Iterator<String> read = lines.iterator();
      assertThat(read.next()).startsWith("data: ");
      Instant off = Instant.now();
      switches.turnOff(new Off(model, off.toEpochMilli(), "test", "a drill"));
      List<String> rest = new ArrayList<>();
      read.forEachRemaining(rest::add);

      assertThat(rest)
          .anyMatch(line -> line.contains("switched_off"))
          .doesNotContain("data: [DONE]");
      assertThat(Duration.between(off, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(stack.chat(caller, CHAT).code()).isEqualTo("switched_off");
    } finally {
      switches.turnOn(model);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.bedrockCount("cancelled") == 1);
    stack.calm();
    await().atMost(Duration.ofSeconds(5)).until(() -> stack.chat(caller, CHAT).status() == 200);
  }

  @Test
  void revocation_and_lowered_limits_act_on_the_next_call() {
    Caller caller = stack.tenant(Stack.unlimited());
    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);

    stack.directory().suspend(caller.tenantId());
    assertThat(stack.chat(caller, CHAT).code()).isEqualTo("tenant_suspended");
    stack.directory().activate(caller.tenantId());
    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
    stack.directory().changeLimits(caller.tenantId(), Stack.requestsPerMinute(1));
    Reply limited = stack.chat(caller, CHAT);
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("x-weir-limit")).isEqualTo("requests");
    // W + M + S + 2 D, where M = 2 D + L: 60 + 9 + 5 + 4 s with this stack's settings.
    assertThat(Long.parseLong(limited.header("retry-after"))).isBetween(1L, 78L);
    assertThat(limited.header("x-ratelimit-limit-requests")).isEqualTo("1");
    stack.directory().changeLimits(caller.tenantId(), Stack.unlimited());
    // An environment that refused by itself asks again after a second.
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.chat(caller, CHAT).status() == 200);
    stack.directory().revokeKey(caller.tenantId(), caller.keyId());
    Reply revoked = stack.chat(caller, CHAT);
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.code()).isEqualTo("invalid_api_key");
  }

  @Test
  void a_rotated_key_keeps_what_was_spent() {
    Caller caller = stack.tenant(Stack.dayBudget(1_000_000));
    stack.chat(caller, CHAT);
    long spent = settled(caller);

    var issued =
        stack
            .directory()
            .rotateKey(caller.tenantId(), caller.keyId(), java.util.Optional.empty())
            .orElseThrow();

    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(401);
    assertThat(stack.chat(issued.key().reveal(), CHAT).status()).isEqualTo(200);
    assertThat(settled(caller)).isGreaterThan(spent);
  }

  @Test
  void an_allow_list_hides_and_refuses_other_models() {
    Caller caller = stack.tenant(Stack.unlimited(), Set.of("scripted"));

    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
    assertThat(stack.chat(caller, CHAT.replace("scripted", "echo")).code())
        .isEqualTo("model_not_allowed");
    JsonNode models = stack.get(caller, "/v1/models").json().path("data");
    assertThat(models).hasSize(1);
    assertThat(stack.get(caller, "/v1/models/echo").status()).isEqualTo(404);
    assertThat(stack.get(caller, "/v1/models/scripted").json().path("object").asText())
        .isEqualTo("model");
  }

  @Test
  void health_names_every_guard() {
    Caller caller = stack.tenant(Stack.unlimited());

    JsonNode health = stack.get(caller, "/healthz").json();

    assertThat(health.path("status").asText()).isEqualTo("ok");
    assertThat(health.path("guards").properties()).isNotEmpty();
    assertThat(health.path("guards")).allMatch(guard -> guard.path("armed").asBoolean());
  }

  @Test
  void a_tenants_rate_is_exact_under_a_burst() throws Exception {
    Caller caller = stack.tenant(Stack.requestsPerMinute(10));

    List<Reply> replies = together(60, () -> stack.chat(caller, CHAT));

    assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(10);
    assertThat(replies.stream().filter(reply -> reply.status() == 429)).hasSize(50);
    assertThat(stack.bedrockCount("started")).isEqualTo(10);
  }

  @Test
  void a_killed_environment_breaks_one_call_and_no_more() throws Exception {
    Caller caller =
        stack.tenant(
            new Limits(
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.of(4),
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.empty(),
                java.util.OptionalLong.empty()));
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":4}");
    try (Stream<String> lines = stack.open(caller, streamed(CHAT))) {
      Iterator<String> iterator = lines.iterator();
      assertThat(iterator.next()).startsWith("data: ");
      stack.cloud().lambda().kill("ChatFunction");
      boolean done = false;
      try {
        while (iterator.hasNext()) {
          done |= iterator.next().contains("[DONE]");
        }
      } catch (RuntimeException brokenConnection) {
        assertThat(brokenConnection).hasRootCauseInstanceOf(IOException.class);
      }
      assertThat(done).isFalse();
    }
    stack.calm();

    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
  }

  @Test
  void limits_that_cannot_be_reached_refuse_every_paid_call() throws Exception {
    Caller caller = stack.tenant(Stack.unlimited());
    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
    stack.bedrock("DELETE", "calls", "");

    stack.cloud().pauseDynamoDb(true);
    Reply refused;
    try {
      refused = stack.chat(caller, CHAT);
    } finally {
      stack.cloud().pauseDynamoDb(false);
    }

    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.code()).isEqualTo("limiter_unavailable");
    assertThat(refused.header("retry-after")).isNotEmpty();
    assertThat(stack.bedrockCount("started")).isZero();
  }

  @Test
  void no_prompt_key_or_answer_is_ever_logged_or_booked() {
    Caller caller = stack.tenant(Stack.unlimited());
    String canary = "canary-5f2e9c";
    String body = CHAT.replace("one two three", canary);
    stack.chat(caller, body);
    stack.chat(caller, streamed(body));
    stack.chat(caller, body.substring(0, body.length() - 3));
    stack.chat(caller, body.replace("\"scripted\"", "\"" + canary + "\""));
    stack.fault(
        "{\"model\":\"*\",\"operation\":\"*\",\"kind\":\"status\",\"status\":400,\"errorType\":\"ValidationException\",\"times\":1}");
    stack.chat(caller, body);
    stack.fault("{\"model\":\"*\",\"operation\":\"*\",\"kind\":\"garbage\",\"times\":1}");
    Reply last = stack.chat(caller, streamed(body));

    stack.awaitLog(last.header("x-request-id"));
    String everything = stack.logs() + stack.scan("LedgerTable") + stack.scan("TenantsTable");
    assertThat(everything).contains(caller.tenantId());
    assertThat(everything).doesNotContain(canary).doesNotContain(caller.key());
    assertThat(everything).doesNotContain(caller.key().substring("weir_".length()));
  }

  private static <T> List<T> together(int count, Callable<T> task) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(Collections.nCopies(count, task))) {
        results.add(result.get(150, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
