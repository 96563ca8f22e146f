package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The ladder of {@code docs/degradation.md} through the real template, over the real wire. */
class DegradationIT extends OnStack {

  private static final String CHAT =
      "{\"model\":\"resilient\",\"max_tokens\":64,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";
  private static final List<String> CHAIN =
      List.of("local.scripted", "us.local.scripted", "local.echo");
  private static final List<String> STEPS = List.of("", "same-model", "smaller-model");

  private Caller caller;

  DegradationIT() throws IOException {
    super(
        Stack.start(
            "degradation",
            Map.of(
                "FirstContentSeconds", "1",
                "IdleSeconds", "1",
                "RequestSeconds", "20",
                "RetryBudgetPercent", "0",
                "BreakerFailures", "5",
                "BreakerSeconds", "30")));
    stack.chat(stack.tenant(Stack.unlimited()), CHAT);
  }

  @BeforeEach
  void newTenant() {
    caller = stack.tenant(Stack.unlimited());
  }

  private static String streamed(String chat) {
    return chat.replaceFirst("\\{", "{\"stream\":true,");
  }

  private void fault(String model, String fault) {
    stack.fault("{\"model\":\"%s\",%s}".formatted(model, fault));
  }

  static Stream<String> faults() {
    return Stream.of(
        "\"kind\":\"status\",\"status\":429",
        "\"kind\":\"status\",\"status\":500",
        "\"kind\":\"status\",\"status\":503",
        "\"kind\":\"status\",\"status\":424,\"errorType\":\"ModelErrorException\"",
        "\"kind\":\"reset\"",
        "\"kind\":\"stallBeforeHeaders\"",
        "\"kind\":\"delay\",\"delayMillis\":3000",
        "\"kind\":\"cut\",\"afterEvents\":1",
        "\"kind\":\"garbage\"",
        "\"kind\":\"empty\"");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void each_fault_leads_to_the_next_target_and_each_attempt_is_billed(String fault) {
    for (int failing = 1; failing < CHAIN.size(); failing++) {
      for (String chat : List.of(CHAT, streamed(CHAT))) {
        calm();
        newTenant();
        for (String target : CHAIN.subList(0, failing)) {
          fault(target, fault);
        }

        Reply reply = stack.chat(caller, chat);

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.header("x-weir-model")).isEqualTo(CHAIN.get(failing));
        assertThat(reply.header("x-weir-degraded")).isEqualTo(STEPS.get(failing));
        assertThat(reply.header("x-weir-attempts")).isEqualTo(Integer.toString(failing + 1));
        assertThat(stack.bedrockCount("started")).isEqualTo(failing + 1);
        assertBooked(failing + 1);
      }
    }
    stack.calm();
    // Answers of each target forget its failures, so that no breaker opens between the cases.
    assertThat(stack.chat(caller, CHAT).header("x-weir-model")).isEqualTo(CHAIN.getFirst());
    fault(CHAIN.getFirst(), "\"kind\":\"status\",\"status\":429,\"times\":1");
    assertThat(stack.chat(caller, CHAT).header("x-weir-model")).isEqualTo(CHAIN.get(1));
    assertThat(stack.chat(caller, CHAT).header("x-weir-model")).isEqualTo(CHAIN.getFirst());
  }

  /** One row, one settlement, and the bill is the sum of the hops. */
  private void assertBooked(int attempts) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> stack.ledger(caller).size() == 1 && spend().inFlight() == 0);
    Map<String, AttributeValue> row = stack.ledger(caller).getFirst();
    List<AttributeValue> hops = row.getOrDefault("hops", AttributeValue.fromL(List.of())).l();
    assertThat(hops)
        .extracting(hop -> Stack.text(hop.m(), "target"))
        .isEqualTo(CHAIN.subList(0, attempts));
    long sum =
        hops.stream().mapToLong(hop -> Long.parseLong(Stack.text(hop.m(), "costPicoUsd"))).sum();
    assertThat(Long.parseLong(Stack.text(row, "costPicoUsd"))).isEqualTo(sum).isPositive();
    assertThat(spend().dayMicroUsd()).isEqualTo(Math.ceilDiv(sum, 1_000_000L));
  }

  private dev.weir.tenant.Spend spend() {
    return stack.directory().spend(caller.tenantId()).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "stallAfter", "garbage", "exceptionFrame"})
  void after_the_first_content_a_stream_breaks_openly_and_nothing_is_asked_again(String kind) {
    fault("*", "\"kind\":\"%s\",\"afterEvents\":4".formatted(kind));

    Reply reply = stack.chat(caller, streamed(CHAT));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).contains("\"error\"").doesNotContain("[DONE]");
    assertThat(stack.bedrockCount("started")).isEqualTo(1);
    stack.calm();
    assertThat(stack.chat(caller, CHAT).status()).isEqualTo(200);
  }

  @Test
  void a_buffered_answer_that_stalls_in_the_middle_is_taken_from_the_next_target() {
    fault("local.scripted", "\"kind\":\"stallAfter\",\"afterEvents\":4");

    Reply reply = stack.chat(caller, CHAT);

    assertThat(reply.header("x-weir-degraded")).isEqualTo("same-model");
    assertThat(reply.body()).contains("Scripted answer: one two three");
  }

  @Test
  void when_nothing_answers_an_expired_answer_does_and_says_so() throws Exception {
    String cacheable = CHAT.replaceFirst("\\{", "{\"temperature\":0,");
    Reply fresh = stack.chat(caller, cacheable);
    assertThat(fresh.header("x-weir-cache")).isEqualTo("miss");
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 1);
    Thread.sleep(2_500);
    fault("*", "\"kind\":\"status\",\"status\":429");

    Reply stale = stack.chat(caller, cacheable);
    Reply streamed = stack.chat(caller, streamed(cacheable));

    for (Reply reply : List.of(stale, streamed)) {
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      assertThat(reply.header("x-weir-cache")).isEqualTo("stale");
      assertThat(reply.header("x-weir-degraded")).isEqualTo("stale-answer");
      assertThat(Long.parseLong(reply.header("age"))).isGreaterThanOrEqualTo(2);
    }
    assertThat(stale.json().path("choices")).isEqualTo(fresh.json().path("choices"));
    stack.calm();
    assertThat(stack.chat(caller, cacheable).header("x-weir-cache")).isNotEqualTo("stale");
  }

  @Test
  void open_breakers_are_shared_told_and_probed_by_one() throws Exception {
    fault("*", "\"kind\":\"status\",\"status\":503");
    List<Reply> replies = new ArrayList<>();
    while (replies.isEmpty() || !replies.getLast().header("x-weir-attempts").equals("0")) {
      assertThat(replies.size()).isLessThan(8);
      replies.add(stack.chat(caller, CHAT));
    }
    Reply open = replies.getLast();
    assertThat(open.status()).isEqualTo(503);
    assertThat(open.code()).isEqualTo("upstream_unavailable");
    assertThat(Long.parseLong(open.header("retry-after"))).isBetween(1L, 30L);
    long asked = stack.bedrockCount("started");

    stack.cloud().lambda().kill("ChatFunction");
    Reply elsewhere = stack.chat(caller, CHAT);

    assertThat(elsewhere.header("x-weir-attempts")).isEqualTo("0");
    assertThat(stack.bedrockCount("started")).isEqualTo(asked);
    stack.awaitLog("breaker_opened");
    stack.awaitLog("weir.breaker.open");
    stack.calm();
    Thread.sleep(Long.parseLong(elsewhere.header("retry-after-ms")));
    Reply probe = stack.chat(caller, CHAT);
    assertThat(probe.status()).as(probe.body()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> stack.chat(caller, CHAT).header("x-weir-degraded").isEmpty());
    System.out.printf(
        "degradation: breakers open after %d calls and %d upstream attempts; asked while open: 0%n",
        replies.size() - 1, asked);
  }

  @Test
  void an_allow_list_keeps_a_key_from_stand_ins_it_does_not_name() {
    Caller picky = stack.tenant(Stack.unlimited(), Set.of("resilient"));
    fault("local.scripted", "\"kind\":\"status\",\"status\":429");
    fault("us.local.scripted", "\"kind\":\"status\",\"status\":429");

    Reply reply = stack.chat(picky, CHAT);

    // local.echo is the model echo, which the key may not use.
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.body()).contains("local.echo: not allowed");
  }
}
