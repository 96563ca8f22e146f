package dev.weir.local.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weir.local.bedrock.wire.Json;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/**
 * The real model, in a process of its own. Asserts shape and counts, never truth: so small a model
 * is often wrong. Skipped where {@code local/weights} has not been run.
 */
final class SmallModelIT {
  private static final String MODEL = "local.smollm2-135m-instruct";

  @SuppressWarnings("NullAway.Init") // Set before all tests, or there are none.
  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    Optional<Path> weights = StandInProcess.weights();
    if (weights.isEmpty()) {
      System.out.println("SKIPPED: no weights; local/weights fetches them");
    }
    Assumptions.assumeTrue(weights.isPresent(), "no weights; local/weights fetches them");
    StandInProcess standIn = new StandInProcess("--weights", weights.orElseThrow().toString());
    stage = new Stage(standIn.address, standIn);
  }

  @AfterEach
  void reset() throws Exception {
    stage.control("DELETE", "calls", "");
  }

  @AfterAll
  static void close() throws Exception {
    if (StandInProcess.weights().isPresent()) {
      stage.close();
    }
  }

  private static ConverseResponse greedy(String text, int maxTokens) {
    return stage.sync.converse(request ->
        request
            .modelId(MODEL)
            .messages(Requests.user(text))
            .inferenceConfig(config -> config.maxTokens(maxTokens).temperature(0f)));
  }

  private static String text(ConverseResponse reply) {
    return reply.output().message().content().getFirst().text();
  }

  @Test
  void it_answers_in_words_and_counts_with_its_own_tokenizer() {
    ConverseResponse reply = greedy("Who wrote Romeo and Juliet?", 12);
    int counted =
        stage
            .sync
            .countTokens(request ->
                request
                    .modelId(MODEL)
                    .input(input ->
                        input.converse(converse ->
                            converse.messages(Requests.user("Who wrote Romeo and Juliet?")))))
            .inputTokens();

    assertThat(text(reply)).isNotBlank();
    assertThat(reply.usage().inputTokens()).isEqualTo(counted);
    assertThat(reply.usage().outputTokens()).isEqualTo(12);
    assertThat(reply.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
  }

  @Test
  void it_ends_by_itself_when_it_has_answered() {
    ConverseResponse reply =
        greedy("Summarise in one short sentence: the cat sat on the mat.", 400);

    assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(reply.usage().outputTokens()).isLessThan(400);
  }

  @Test
  void greedy_answers_repeat_also_after_other_prompts() {
    String prompt = "Describe the sea. ".repeat(40);
    String first = text(greedy(prompt, 16));
    greedy("Something else", 4);

    assertThat(text(greedy(prompt, 16))).isEqualTo(first);
  }

  @Test
  void streamed_and_buffered_answers_are_equal() throws Exception {
    Heard heard = stream("Name two colours", 12);

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo(text(greedy("Name two colours", 12)));
    assertThat(heard.events.size()).isGreaterThan(8);
  }

  @Test
  void a_stop_sequence_ends_the_answer() {
    String whole = text(greedy("Name two colours", 12));
    String stop = whole.substring(5, 9);

    ConverseResponse reply =
        stage.sync.converse(request ->
            request
                .modelId(MODEL)
                .messages(Requests.user("Name two colours"))
                .inferenceConfig(
                    config -> config.maxTokens(12).temperature(0f).stopSequences(stop)));

    assertThat(text(reply)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(reply.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
  }

  @Test
  void a_tool_call_is_well_formed() throws Exception {
    Heard heard =
        new Heard(
            stage.async,
            request ->
                request
                    .modelId(MODEL)
                    .messages(Requests.user("What is the weather in Paris?"))
                    .toolConfig(Requests.tools("weather", "time"))
                    .inferenceConfig(config -> config.maxTokens(200)));

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.toolNames()).hasSize(1).isSubsetOf("weather", "time");
    assertThat(Json.read(heard.toolInput(0)).path("city").isTextual()).isTrue();
    assertThat(heard.stop().orElseThrow().stopReason()).isEqualTo(StopReason.TOOL_USE);
  }

  @Test
  void a_named_tool_is_called() {
    ToolUseBlock use =
        stage
            .sync
            .converse(request ->
                request
                    .modelId(MODEL)
                    .messages(Requests.user("What is the weather in Paris?"))
                    .toolConfig(
                        Requests.tools("weather", "time").toBuilder()
                            .toolChoice(choice -> choice.tool(tool -> tool.name("time")))
                            .build()))
            .output()
            .message()
            .content()
            .getFirst()
            .toolUse();

    assertThat(use.name()).isEqualTo("time");
    assertThat(use.input().asMap()).containsKey("city");
  }

  private static Heard stream(String text, int maxTokens) {
    return new Heard(
        stage.async,
        request ->
            request
                .modelId(MODEL)
                .messages(Requests.user(text))
                .inferenceConfig(config -> config.maxTokens(maxTokens).temperature(0f)));
  }

  @Test
  void who_leaves_keeps_nobody_waiting() throws Exception {
    for (int i = 1; i <= 3; i++) {
      int cancelled = i;
      try (Heard leaving = stream("Tell a very long story about a ship", 1500)) {
        assertThat(Stage.eventually(() -> leaving.events.size() > 3)).isTrue();
      }
      assertThat(Stage.eventually(() -> stage.counted("cancelled") == cancelled)).isTrue();
    }

    assertThat(greedy("Hi", 2).usage().outputTokens()).isEqualTo(2);
    assertThat(stage.counted("completed")).isEqualTo(1);
  }

  @Test
  void who_leaves_while_a_long_prompt_is_read_keeps_nobody_waiting() throws Exception {
    try (Heard leaving = stream("All work and no play. ".repeat(250), 5)) {
      assertThat(Stage.eventually(() -> leaving.events.size() == 1)).isTrue();
    }

    assertThat(Stage.eventually(() -> stage.counted("cancelled") == 1)).isTrue();
    assertThat(greedy("Hi", 2).usage().outputTokens()).isEqualTo(2);
  }

  @Test
  void a_prompt_beyond_the_context_is_refused() {
    assertThat(catchThrowable(() -> greedy("word ".repeat(2100), 5)))
        .hasMessageContaining("Input is too long for requested model.");
  }
}
