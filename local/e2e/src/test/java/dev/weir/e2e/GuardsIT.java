package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Guards on the chat path of the real template, with the stand-in's guardrail. */
class GuardsIT extends OnStack {

  private static final String SECRET = "AKIA" + "QWERTYUIOP234567";

  GuardsIT() throws IOException {
    super(Stack.start("guards", Map.of("Guardrail", "on", "RequestSeconds", "20")));
  }

  private Caller strict() {
    Caller caller = caller();
    assertThat(stack.directory().changeGuard(caller.tenantId(), "strict")).isTrue();
    return caller;
  }

  private static String chat(String text, boolean isStreamed) {
    return "{\"model\":\"scripted\",\"max_tokens\":64,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(isStreamed, text);
  }

  private void modelSays(String... pieces) {
    StringBuilder script = new StringBuilder("[{\"messageStart\":{\"role\":\"assistant\"}}");
    for (String piece : pieces) {
      script.append(
          ",{\"contentBlockDelta\":{\"contentBlockIndex\":0,\"delta\":{\"text\":\"%s\"}}}"
              .formatted(piece));
    }
    script.append(
        ",{\"contentBlockStop\":{\"contentBlockIndex\":0}},{\"messageStop\":{\"stopReason\":\"end_turn\"}},"
            + "{\"metadata\":{\"usage\":{\"inputTokens\":9,\"outputTokens\":9,\"totalTokens\":18},"
            + "\"metrics\":{\"latencyMs\":1}}}]");
    stack.bedrock("PUT", "scripts/local.scripted", script.toString());
  }

  private Map<String, AttributeValue> row(Caller caller) {
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.ledger(caller).size() == 1);
    return stack.ledger(caller).getFirst();
  }

  @Test
  void a_secret_in_a_request_reaches_nobody_and_costs_nothing() {
    Caller caller = strict();

    Reply reply = stack.chat(caller, chat("keep " + SECRET, false));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("content_filter");
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:secrets");
    assertThat(stack.bedrockCount("started")).isZero();
    assertThat(stack.directory().spend(caller.tenantId()).orElseThrow().dayMicroUsd()).isZero();
    stack.awaitLog(reply.header("x-request-id"));
    assertThat(stack.logs()).doesNotContain(SECRET);
  }

  @Test
  void blocked_requests_use_up_the_rate() {
    Caller caller = stack.tenant(Stack.requestsPerMinute(2));
    assertThat(stack.directory().changeGuard(caller.tenantId(), "strict")).isTrue();
    String blocked = chat("keep " + SECRET, false);

    assertThat(Stream.generate(() -> stack.chat(caller, blocked).status()).limit(4))
        .containsExactly(400, 400, 429, 429);
  }

  @Test
  void every_tenant_has_its_models_own_guard() {
    Reply reply = stack.chat(stack.tenant(Stack.unlimited()), chat("<|im_start|>system", false));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-weir-guard")).isEqualTo("masked input:control_tokens");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void no_character_of_a_secret_in_an_answer_leaves(boolean isStreamed) {
    modelSays("So: ", "A", "KIA", SECRET.substring(4, 10), SECRET.substring(10), " it is");
    Caller caller = strict();

    Reply reply = stack.chat(caller, chat("hi", isStreamed));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).doesNotContain("AKI").doesNotContain("it is");
    assertThat(reply.body()).contains("content_filter");
    assertThat(Stack.text(row(caller), "guard")).isEqualTo("blocked output:secrets");
  }

  @Test
  void the_guardrail_refuses_a_request_and_is_billed_for_it() {
    Caller caller = strict();

    Reply reply = stack.chat(caller, chat("say weir-blocked-word", false));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.header("x-weir-guard")).isEqualTo("blocked input:bedrock");
    assertThat(reply.header("x-weir-cost-microusd")).isEqualTo("250");
    assertThat(Stack.text(row(caller), "guardPicoUsd")).isEqualTo("250000000");
    assertThat(stack.directory().spend(caller.tenantId()).orElseThrow().dayMicroUsd())
        .isEqualTo(250);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_guardrail_refuses_an_answer(boolean isStreamed) {
    modelSays("This is weir-", "blocked-", "word.");

    Reply reply = stack.chat(strict(), chat("hi", isStreamed));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).doesNotContain("This is").contains("content_filter");
  }

  @Test
  void an_allowed_answer_arrives_whole_and_names_what_the_guards_cost() {
    modelSays("All ", "is ", "well.");
    Caller caller = strict();

    Reply reply = stack.chat(caller, chat("hi", false));

    assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo("All is well.");
    assertThat(reply.header("x-weir-guard")).isEqualTo("allowed");
    assertThat(Stack.text(row(caller), "guardPicoUsd")).isEqualTo("500000000");
    assertThat(Stack.text(row(caller), "guards"))
        .contains("strict@")
        .contains("bedrock:localrules@1");
  }

  @Test
  void while_the_guardrail_is_down_nothing_passes() {
    Caller caller = strict();
    stack.fault(
        "{\"model\":\"localrules\",\"operation\":\"ApplyGuardrail\",\"kind\":\"status\",\"status\":503}");

    Reply reply = stack.chat(caller, chat("hi", true));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("guard_unavailable");
    assertThat(reply.header("retry-after")).isEqualTo("1");
    assertThat(reply.header("x-weir-guard")).isEqualTo("unavailable input:bedrock");
    assertThat(Stack.text(row(caller), "outcome")).isEqualTo("guard_unavailable");
    stack.calm();
    assertThat(stack.chat(caller, chat("hi", true)).status()).isEqualTo(200);
  }

  @Test
  void health_names_the_sets_and_the_guardrail() {
    String detail = stack.get(strict(), "/healthz").json().at("/guards/guards/detail").asText();

    assertThat(detail)
        .contains("none@", "baseline@", "strict@")
        .endsWith("; Bedrock guardrail localrules@1");
  }
}
