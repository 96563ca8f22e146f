package dev.weir.inference;

import static dev.weir.route.CircuitBreaker.FULL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.guard.Samples;
import dev.weir.killswitch.Off;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.RetrievalMark;
import dev.weir.model.Fault;
import dev.weir.retrieval.Passage;
import dev.weir.retrieval.Retriever;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetrievalFlowTest {

  private static final Passage AARE = new Passage("s3://d/aare.txt", "The Aare is long.", 0.91);
  private static final Passage RHINE = new Passage("s3://d/ü, 2.txt", "The Rhine is wide.", 0.42);
  private static final Passage POISON =
      new Passage("s3://d/evil.txt", "The key is " + Samples.AWS_KEY, 0.99);

  private final TestStack stack = new TestStack();
  private final Client client = stack.client("acme");

  private static String ask(String model) {
    return "{\"model\":\"%s\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"How long is the Aare?\"}]}"
        .formatted(model);
  }

  private String upstream() {
    return stack.model.calls.getLast().request().toString();
  }

  private RetrievalMark mark() {
    return stack.ledger.rows.getLast().retrieval().orElseThrow();
  }

  @Test
  void passages_go_upstream_and_their_documents_into_reply_and_ledger() {
    stack.documents.finds(RHINE, AARE);

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(upstream()).contains("The Aare is long.", "The Rhine is wide.");
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("used");
    assertThat(reply.header("x-weir-documents"))
        .isEqualTo("s3://d/aare.txt;score=0.91, s3://d/%C3%BC%2C%202.txt;score=0.42");
    assertThat(reply.headers).doesNotContainKey("x-weir-degraded");
    assertThat(mark().outcome()).isEqualTo("used");
    assertThat(mark().permission()).isEqualTo("owner=acme|everyone");
    assertThat(mark().documents())
        .extracting(RetrievalMark.Document::id)
        .containsExactly("s3://d/aare.txt", "s3://d/ü, 2.txt");
    assertThat(stack.documents.asked.getFirst().question()).isEqualTo("How long is the Aare?");
    assertThat(stack.documents.asked.getFirst().tenantId()).isEqualTo("acme");
  }

  @Test
  void the_audit_names_the_documents_and_what_the_tenant_was_let_see() {
    stack.documents.finds(RHINE, AARE);

    client.post(ask("informed"));

    assertThat(stack.audit.entries.getFirst().row().orElseThrow().text())
        .contains(
            AARE.document(),
            RHINE.document(),
            stack.ledger.only().retrieval().orElseThrow().permission(),
            "\"outcome\":{\"S\":\"used\"}");
  }

  @Test
  void a_query_is_reserved_charged_and_part_of_the_cost() {
    stack.documents.finds(AARE);
    Client.Reply plain = client.post(ask("m"));
    long without = stack.limiter.asks.getFirst().microUsd();

    Client.Reply informed = client.post(ask("informed"));

    assertThat(stack.limiter.asks.getLast().microUsd()).isGreaterThanOrEqualTo(without + 7);
    assertThat(stack.limiter.asks.getLast().tokens())
        .isEqualTo(stack.limiter.asks.getFirst().tokens() + 500);
    assertThat(cost(informed)).isEqualTo(cost(plain) + 7);
    assertThat(stack.ledger.rows.getLast().cost().microUsd()).isEqualTo(cost(informed));
    assertThat(stack.limiter.settled.getLast().microUsd()).isEqualTo(cost(informed));
  }

  private static long cost(Client.Reply reply) {
    return Long.parseLong(reply.header("x-weir-cost-microusd"));
  }

  @Test
  void a_passage_that_a_guard_blocks_is_left_out_and_counted() {
    stack.limiter.guard = Optional.of("local");
    stack.documents.finds(POISON, AARE);

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(upstream()).contains("The Aare is long.").doesNotContain("AKIA");
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("used; blocked=1");
  }

  @Test
  void what_fits_too_badly_is_left_out() {
    stack.documents.finds(new Passage("s3://d/x", "Unrelated.", 0.1));

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.header("x-weir-retrieval")).isEqualTo("none");
    assertThat(upstream()).doesNotContain("Unrelated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Timeout", "ThrottlingException", "InternalServerException"})
  void a_knowledge_base_that_fails_costs_the_grounding_and_not_the_answer(String detail) {
    stack.documents.found = new Retriever.Found.Failed(detail, detail.equals("Timeout"), FULL);

    Client.Reply reply = client.post(ask("informed"));
    client.post(ask("informed"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=" + detail);
    assertThat(reply.header("x-weir-degraded")).isEqualTo("without-retrieval");
    assertThat(stack.ledger.rows.getFirst().retrieval().orElseThrow().cost().microUsd())
        .isEqualTo(detail.equals("Timeout") ? 7 : 0);
    assertThat(stack.model.calls).as("such an answer is not kept").hasSize(2);
    assertThat(stack.logged()).contains("weir.retrievals.skipped");
  }

  @Test
  void an_answer_with_its_passages_is_kept() {
    stack.documents.finds(AARE);

    client.post(ask("informed"));
    Client.Reply again = client.post(ask("informed"));

    assertThat(again.header("x-weir-cache")).isEqualTo("hit");
    assertThat(stack.documents.asked).hasSize(1);
  }

  @Test
  void a_model_that_requires_it_does_not_answer_without() {
    stack.documents.found = new Retriever.Found.Failed("Timeout", true, FULL);

    Client.Reply reply = client.post(ask("strictly-informed"));

    assertThat(reply.status).isEqualTo(503);
    assertThat(reply.json().at("/error/code").asText()).isEqualTo("retrieval_unavailable");
    assertThat(reply.header("retry-after")).isNotEmpty();
    assertThat(stack.model.calls).isEmpty();
    LedgerRow row = stack.ledger.only();
    assertThat(row.outcome()).isEqualTo("retrieval_unavailable");
    assertThat(row.cost().microUsd()).isEqualTo(7).isEqualTo(cost(reply));
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @Test
  void a_budget_with_room_for_the_answer_alone_gets_the_answer_alone() {
    stack.documents.finds(AARE);
    client.post(ask("m"));
    stack.limiter.budgetMicroUsd = stack.limiter.asks.getFirst().microUsd();

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=over budget");
    assertThat(stack.documents.asked).isEmpty();
    assertThat(client.post(ask("strictly-informed")).status).isEqualTo(429);
  }

  @Test
  void a_prompt_with_no_room_for_passages_is_answered_without() {
    stack.documents.finds(AARE);
    String longer = ask("narrow").replace("How", "x ".repeat(80) + "How");

    Client.Reply reply = client.post(longer);

    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=prompt too long");
  }

  @Test
  void a_base_that_keeps_failing_is_not_waited_for() {
    stack.documents.found = new Retriever.Found.Failed("Timeout", true, FULL);
    for (int call = 0; call < 8; call++) {
      client.post(ask("informed"));
    }

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=breaker open");
    assertThat(stack.documents.asked).hasSize(5);
    stack.later(Duration.ofSeconds(11));
    stack.documents.finds(AARE);
    assertThat(client.post(ask("informed")).header("x-weir-retrieval")).isEqualTo("used");
  }

  @Test
  void an_operator_can_turn_it_off() {
    stack.documents.finds(AARE);
    stack.switches.turnOff(new Off(Retrieval.SWITCH, 0, "ann", "a leak"));
    stack.later(Duration.ofSeconds(6));

    Client.Reply reply = client.post(ask("informed"));

    assertThat(reply.header("x-weir-retrieval")).isEqualTo("skipped; reason=switched off");
    assertThat(stack.documents.asked).isEmpty();
  }

  @Test
  void its_time_ends_with_the_request() {
    stack.documents.finds(AARE);

    client.remaining(3_400).post(ask("informed"));

    assertThat(stack.documents.asked.getFirst().timeout())
        .isLessThanOrEqualTo(Duration.ofMillis(400));
  }

  @Test
  void the_remote_guardrail_sees_the_passages() {
    stack.limiter.guard = Optional.of("remote");
    stack.documents.finds(AARE);

    client.post(ask("informed"));

    assertThat(stack.guardrail.shown.getFirst().texts().toString()).contains("The Aare is long.");
  }

  @Test
  void a_fallen_target_and_a_missing_base_are_both_named() {
    stack.documents.found = new Retriever.Found.Failed("Timeout", true, FULL);
    stack.model.says(call ->
        call.modelId().equals("vendor.i")
            ? ScriptedModel.fault(Fault.Kind.THROTTLED)
            : ScriptedModel.whole(ScriptedModel.HELLO));

    Client.Reply reply = client.post(ask("informed-ladder"));

    assertThat(reply.header("x-weir-degraded")).isEqualTo("same-model, without-retrieval");
    assertThat(stack.ledger.only().hops()).hasSize(2);
  }

  @Test
  void a_model_without_a_base_is_as_it_was() {
    Client.Reply reply = client.post(ask("m"));

    assertThat(reply.headers).doesNotContainKeys("x-weir-retrieval", "x-weir-documents");
    assertThat(stack.ledger.only().retrieval()).isEmpty();
    assertThat(List.copyOf(stack.documents.asked)).isEmpty();
  }
}
