package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.guard.GuardTrail;
import dev.weir.inference.ChatPlan.Planned;
import dev.weir.tenant.EstimateMode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatPlannerTest {

  private final ChatPlanner planner =
      new ChatPlanner(
          TestStack.catalog(),
          new TokenEstimate(),
          1_000,
          80,
          true,
          new InputGuard(TestStack.catalog().guards(), Optional.empty()));

  private Planned plan(String body, boolean noStore) {
    Parsed<ChatRequest> parsed =
        new ChatRequestReader(100_000).read(body.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).as(body).isInstanceOf(Parsed.Ok.class);
    return planner.plan(
        ((Parsed.Ok<ChatRequest>) parsed).value(),
        EstimateMode.BYTES,
        Optional.empty(),
        noStore,
        Optional.empty(),
        new GuardTrail());
  }

  private ChatPlan ready(String body) {
    return ((Planned.Ready) plan(body, false)).plan();
  }

  private String refusedWith(String body) {
    return ((Planned.Not) plan(body, false)).problem().error().code();
  }

  private static String chat(String model, String content, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(model, content, more);
  }

  @Test
  void a_request_without_a_cap_gets_the_models_default() {
    assertThat(ready(chat("m", "hi", "")).maxTokens()).isEqualTo(60);
  }

  @Test
  void a_cap_above_what_may_be_written_is_refused_and_not_lowered_in_silence() {
    assertThat(ready(chat("m", "hi", ",\"max_tokens\":80")).maxTokens()).isEqualTo(80);
    assertThat(refusedWith(chat("m", "hi", ",\"max_tokens\":81"))).isEqualTo("invalid_value");
  }

  @Test
  void a_prompt_above_the_cap_is_refused() {
    assertThat(refusedWith(chat("m", "x".repeat(1_000), ""))).isEqualTo("context_length_exceeded");
  }

  @Test
  void the_bound_covers_prompt_and_output_at_the_catalogs_price() {
    ChatPlan plan = ready(chat("m", "hi", ""));

    assertThat(plan.reserved().picoUsd())
        .isEqualTo(plan.promptTokens() * 1_000_000 + 60 * 2_000_000L);
    assertThat(plan.tokens()).isEqualTo(plan.promptTokens() + 60);
  }

  @ParameterizedTest
  @CsvSource({
    "m,'',false",
    "m,',\"temperature\":0',true",
    "m,',\"temperature\":0.0',true",
    "m,',\"temperature\":0.2',false",
    "plain,',\"temperature\":0',false",
    "kept,'',true"
  })
  void a_models_policy_says_what_may_be_cached(String model, String more, boolean cacheable) {
    assertThat(ready(chat(model, "hi", more)).cacheable()).isEqualTo(cacheable);
  }

  @Test
  void a_client_can_keep_a_request_out_of_the_cache() {
    ChatPlan plan = ((Planned.Ready) plan(chat("kept", "hi", ""), true)).plan();

    assertThat(plan.cacheable()).isFalse();
  }

  @Test
  void what_a_model_cannot_do_is_refused_by_name() {
    assertThat(
            refusedWith(
                chat(
                    "plain",
                    "hi",
                    ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")))
        .isEqualTo("unsupported_parameter");
    assertThat(
            refusedWith(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]}]}"))
        .isEqualTo("unsupported_content");
  }
}
