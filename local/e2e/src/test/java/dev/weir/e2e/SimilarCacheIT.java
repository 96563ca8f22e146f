package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Similar questions on the real template, with a real small embedding model. */
class SimilarCacheIT extends OnStack {

  SimilarCacheIT() throws IOException {
    super(Stack.start("similar", Map.of("RequestSeconds", "60")));
    // The model is loaded at the first text, which takes longer than a search may.
    stack.embeddings(caller(), "{\"model\":\"minilm\",\"input\":\"warm\"}", Map.of());
  }

  private Reply ask(Caller caller, String text) {
    return stack.chat(
        caller,
        "{\"model\":\"alike\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(text));
  }

  /** Asks until what was asked before has been remembered, which is after its reply. */
  private Reply found(Caller caller, String text) {
    await().atMost(Duration.ofSeconds(20)).until(() -> !neighbours(caller).isEmpty());
    return ask(caller, text);
  }

  private List<String> neighbours(Caller caller) {
    return stack.scan("ResponsesTable").stream()
        .map(item -> Stack.text(item, "pk"))
        .filter(name -> name.startsWith(caller.tenantId() + "#similar#"))
        .toList();
  }

  @Test
  void a_question_in_other_words_is_answered_for_the_price_of_its_vector() {
    Caller caller = caller();
    Reply first = ask(caller, "How do I reset my password?");

    Reply second = found(caller, "How can I reset my password?");

    assertThat(first.header("x-weir-cache")).isEqualTo("miss");
    assertThat(second.header("x-weir-cache")).isEqualTo("similar");
    assertThat(Double.parseDouble(second.header("x-weir-similarity"))).isBetween(0.9, 1.0);
    assertThat(second.json().at("/choices/0/message/content").asText())
        .isEqualTo("Scripted answer: How do I reset my password?");
    long cost = Long.parseLong(second.header("x-weir-cost-microusd"));
    assertThat(cost).isBetween(5L, 12L);
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 2);
    assertThat(stack.ledger(caller))
        .anySatisfy(row -> {
          assertThat(Stack.text(row, "outcome")).isEqualTo("similar_hit");
          assertThat(Stack.text(row, "costPicoUsd")).isEqualTo(cost + "000000");
        });
  }

  @Test
  void what_turns_the_sense_is_asked() {
    Caller caller = caller();
    ask(caller, "Which foods are safe for dogs?");

    assertThat(found(caller, "Which foods are not safe for dogs?").header("x-weir-cache"))
        .isEqualTo("miss");
    assertThat(ask(caller, "Which foods are safe for cats?").header("x-weir-cache"))
        .isEqualTo("miss");
    assertThat(ask(caller, "Which 3 foods are safe for dogs?").header("x-weir-cache"))
        .isEqualTo("miss");
  }

  @Test
  void no_tenant_gets_the_answer_another_has_paid() {
    Caller one = caller();
    ask(one, "What is the capital of France?");
    await().atMost(Duration.ofSeconds(20)).until(() -> !neighbours(one).isEmpty());

    assertThat(ask(caller(), "What's the capital of France?").header("x-weir-cache"))
        .isEqualTo("miss");
  }

  @Test
  void an_embedding_model_that_fails_or_hangs_costs_a_hit_and_no_answer() {
    Caller caller = caller();
    ask(caller, "How do I cancel my order?");
    await().atMost(Duration.ofSeconds(20)).until(() -> !neighbours(caller).isEmpty());
    stack.fault(
        "{\"model\":\"local.minilm-l6-v2\",\"kind\":\"status\",\"status\":429,\"times\":1}");
    Reply throttled = ask(caller, "How can I cancel my order?");
    stack.fault("{\"model\":\"local.minilm-l6-v2\",\"kind\":\"stallBeforeHeaders\",\"times\":1}");
    Reply hung = ask(caller, "How may I cancel my order?");

    for (Reply reply : List.of(throttled, hung)) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("x-weir-cache")).isEqualTo("miss");
    }
  }

  @Test
  void a_model_that_does_not_want_it_asks_no_embedding_model() {
    stack.chat(
        caller(),
        "{\"model\":\"scripted\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"}]}");

    assertThat(stack.bedrockCount("started")).isEqualTo(1);
  }
}
