package dev.weir.local.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.local.bedrock.wire.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

/** Each operation, driven by the unmodified SDK clients. */
final class OperationsTest {
  private static final Message HELLO = user("Hello there");
  private static final String ARN =
      "arn:aws:bedrock:us-east-1:000000000000:inference-profile/local.scripted";

  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = new Stage();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
  }

  static Message user(String text) {
    return Message.builder()
        .role(ConversationRole.USER)
        .content(ContentBlock.fromText(text))
        .build();
  }

  static ToolConfiguration tools(String... names) {
    Document schema =
        Document.fromMap(
            Map.of(
                "type", Document.fromString("object"),
                "properties",
                    Document.fromMap(
                        Map.of(
                            "city",
                            Document.fromMap(Map.of("type", Document.fromString("string"))))),
                "required", Document.fromList(List.of(Document.fromString("city")))));
    return ToolConfiguration.builder()
        .tools(
            List.of(names).stream()
                .map(name ->
                    Tool.fromToolSpec(
                        spec -> spec.name(name).inputSchema(json -> json.json(schema))))
                .toList())
        .build();
  }

  @Test
  void converse_answers_with_text_and_exact_usage() {
    ConverseResponse reply =
        stage.sync.converse(request ->
            request.modelId(Stage.SCRIPTED).system(s -> s.text("Be brief")).messages(HELLO));

    assertThat(reply.output().message().content().getFirst().text())
        .isEqualTo("Scripted answer: Hello there");
    assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(reply.usage().inputTokens()).isEqualTo(4);
    assertThat(reply.usage().outputTokens()).isEqualTo(4);
    assertThat(reply.usage().totalTokens()).isEqualTo(8);
  }

  @Test
  void converse_stream_over_http2_gives_the_same_answer_in_pieces() throws Exception {
    Heard heard =
        new Heard(stage.async, request -> request.modelId(Stage.SCRIPTED).messages(HELLO));

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo("Scripted answer: Hello there");
    assertThat(heard.stop().orElseThrow().stopReason()).isEqualTo(StopReason.END_TURN);
    assertThat(heard.metadata().orElseThrow().usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void an_arn_in_the_path_finds_the_model() {
    ConverseResponse reply = stage.sync.converse(request -> request.modelId(ARN).messages(HELLO));

    assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void the_echo_says_that_it_is_no_model() {
    ConverseResponse reply =
        stage.sync.converse(request -> request.modelId(Stage.ECHO).messages(HELLO));

    assertThat(reply.output().message().content().getFirst().text())
        .isEqualTo("[echo model: no weights] Hello there");
  }

  @Test
  void the_output_cap_is_kept_to_the_token() throws Exception {
    Heard heard =
        new Heard(
            stage.async,
            request ->
                request
                    .modelId(Stage.SCRIPTED)
                    .messages(HELLO)
                    .inferenceConfig(config -> config.maxTokens(3)));

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo("Scripted answer: Hello ");
    assertThat(heard.stop().orElseThrow().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    assertThat(heard.metadata().orElseThrow().usage().outputTokens()).isEqualTo(3);
  }

  @Test
  void a_stop_sequence_ends_the_answer_before_it() {
    ConverseResponse reply =
        stage.sync.converse(request ->
            request
                .modelId(Stage.SCRIPTED)
                .messages(HELLO)
                .inferenceConfig(config -> config.stopSequences("there", "Hello")));

    assertThat(reply.output().message().content().getFirst().text()).isEqualTo("Scripted answer: ");
    assertThat(reply.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
  }

  @Test
  void every_tool_is_called_after_a_text() throws Exception {
    Heard heard =
        new Heard(
            stage.async,
            request ->
                request
                    .modelId(Stage.SCRIPTED)
                    .messages(HELLO)
                    .toolConfig(tools("weather", "time")));

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.text()).isEqualTo("Scripted answer: calling weather, time.");
    assertThat(heard.toolNames()).containsExactly("weather", "time");
    assertThat(Json.read(heard.toolInput(1)).path("city").asText()).isEqualTo("text");
    assertThat(Json.read(heard.toolInput(2)).path("city").asText()).isEqualTo("text");
    assertThat(heard.stop().orElseThrow().stopReason()).isEqualTo(StopReason.TOOL_USE);
  }
}
