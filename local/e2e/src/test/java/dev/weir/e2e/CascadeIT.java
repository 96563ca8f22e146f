package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@code docs/cascade.md} through the real template, over the real wire. */
class CascadeIT extends OnStack {

  private static final String CHAT =
      "{\"model\":\"cascade\",\"max_tokens\":64,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}";

  private Caller caller;

  CascadeIT() throws IOException {
    super(Stack.start("cascade", Map.of()));
  }

  @BeforeEach
  void newTenant() {
    caller = stack.tenant(Stack.unlimited());
  }

  private Map<String, AttributeValue> row() {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> stack.ledger(caller),
            rows ->
                rows.size() == 1
                    && stack.directory().spend(caller.tenantId()).orElseThrow().inFlight() == 0)
        .getFirst();
  }

  private long charged() {
    return stack.directory().spend(caller.tenantId()).orElseThrow().dayMicroUsd();
  }

  @Test
  void an_easy_question_costs_the_small_models_price() {
    Reply reply = stack.chat(caller, CHAT);

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("x-weir-cascade")).isEqualTo("small");
    assertThat(reply.header("x-weir-model")).isEqualTo("local.little");
    assertThat(reply.body()).contains("Little answer: one two three");
    Map<String, AttributeValue> row = row();
    // 3 in, 5 out, at a tenth of the large model's price.
    assertThat(Stack.text(row, "costPicoUsd")).isEqualTo("" + (3 * 100_000 + 5 * 400_000));
    assertThat(Stack.text(row, "cascadeSavedPicoUsd"))
        .isEqualTo("" + (3 * 900_000 + 5 * 3_600_000));
    assertThat(charged()).isEqualTo(3);
  }

  @Test
  void a_small_answer_that_does_not_stand_never_leaves_and_both_are_billed() {
    String cut = CHAT.replace("64", "4").replace("\"model\"", "\"stream\":true,\"model\"");

    Reply reply = stack.chat(caller, cut);

    assertThat(reply.header("x-weir-cascade")).isEqualTo("escalated; truncated");
    assertThat(reply.header("x-weir-model")).isEqualTo("local.scripted");
    assertThat(reply.body()).contains("Scripted").doesNotContain("Little");
    Map<String, AttributeValue> row = row();
    List<AttributeValue> hops = row.getOrDefault("hops", AttributeValue.fromL(List.of())).l();
    assertThat(hops)
        .extracting(hop -> Stack.text(hop.m(), "part"))
        .containsExactly("small", "large");
    long sum =
        hops.stream().mapToLong(hop -> Long.parseLong(Stack.text(hop.m(), "costPicoUsd"))).sum();
    assertThat(Stack.text(row, "costPicoUsd")).isEqualTo("" + sum);
    assertThat(charged()).isEqualTo(Math.ceilDiv(sum, 1_000_000L));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> stack.scan("LedgerTable").toString(), said -> said.contains("escalated; trun"));
  }

  @Test
  void a_client_may_choose() {
    Reply large = stack.chat(caller, CHAT, Map.of("x-weir-tier", "large"));
    Reply none = stack.chat(caller, CHAT, Map.of("x-weir-tier", "huge"));

    assertThat(large.header("x-weir-cascade")).isEqualTo("escalated; tier");
    assertThat(large.header("x-weir-attempts")).isEqualTo("1");
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.body()).contains("[small, large]");
  }

  @Test
  void whichever_model_fails_the_other_answers() {
    stack.fault("{\"model\":\"local.little\",\"kind\":\"status\",\"status\":429}");
    Reply escalated = stack.chat(caller, CHAT);
    stack.calm();
    stack.fault("{\"model\":\"local.scripted\",\"kind\":\"status\",\"status\":429}");
    Reply kept = stack.chat(caller, CHAT.replace("64", "4"));

    assertThat(escalated.header("x-weir-cascade")).isEqualTo("escalated; failed");
    assertThat(escalated.body()).contains("Scripted answer: one two three");
    assertThat(kept.status()).as(kept.body()).isEqualTo(200);
    assertThat(kept.header("x-weir-cascade")).isEqualTo("small; large-failed");
    assertThat(kept.header("x-weir-degraded")).isEqualTo("small-answer");
    assertThat(kept.body()).contains("Little answer: one two");
  }

  @Test
  void samples_and_a_grade_are_asked_and_billed_under_one_reservation() {
    Reply reply = stack.chat(caller, CHAT.replace("cascade", "cascade-sure"));

    // The samples agree; the echo that is asked to grade says no number.
    assertThat(reply.header("x-weir-cascade")).isEqualTo("escalated; score");
    assertThat(reply.header("x-weir-attempts")).isEqualTo("5");
    assertThat(row().getOrDefault("hops", AttributeValue.fromL(List.of())).l())
        .extracting(hop -> Stack.text(hop.m(), "part"))
        .containsExactly("small", "sample", "sample", "scorer", "large");
  }
}
