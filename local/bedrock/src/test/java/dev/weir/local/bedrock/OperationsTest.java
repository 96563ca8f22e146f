package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static dev.weir.local.bedrock.Requests.tools;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAction;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentSource;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.PayloadPart;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/** Each operation, driven by the unmodified SDK clients. */
final class OperationsTest {
  private static final String ARN =
      "arn:aws:bedrock:us-east-1:000000000000:inference-profile/local.scripted";
  private static final String NOVA =
      "{\"schemaVersion\":\"messages-v1\",\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hello there\"}]}],"
          + "\"inferenceConfig\":{\"maxTokens\":50,\"topK\":20}}";

  private static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
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

  @Test
  void results_of_tools_are_answered_with_text() {
    ConverseResponse asked =
        stage.sync.converse(request ->
            request.modelId(Stage.SCRIPTED).messages(HELLO).toolConfig(tools("weather")));
    ToolUseBlock use = asked.output().message().content().get(1).toolUse();
    Message results =
        Message.builder()
            .role(ConversationRole.USER)
            .content(
                ContentBlock.fromToolResult(result ->
                    result.toolUseId(use.toolUseId()).content(text -> text.text("sunny"))))
            .build();

    ConverseResponse reply =
        stage.sync.converse(request ->
            request
                .modelId(Stage.SCRIPTED)
                .messages(HELLO, asked.output().message(), results)
                .toolConfig(tools("weather")));

    assertThat(use.input().asMap()).containsEntry("city", Document.fromString("text"));
    assertThat(reply.output().message().content().getFirst().text())
        .isEqualTo("Scripted answer: sunny");
    assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @Test
  void invoke_model_speaks_novas_invokedform() throws Exception {
    var reply =
        stage.sync.invokeModel(
            request -> request.modelId(Stage.SCRIPTED).body(SdkBytes.fromUtf8String(NOVA)));

    JsonNode body = Json.read(reply.body().asUtf8String());
    assertThat(body.at("/output/message/content/0/text").asText())
        .isEqualTo("Scripted answer: Hello there");
    assertThat(body.path("stopReason").asText()).isEqualTo("end_turn");
    assertThat(body.at("/usage/outputTokens").asInt()).isEqualTo(4);
    assertThat(reply.sdkHttpResponse().firstMatchingHeader("X-Amzn-Bedrock-Output-Token-Count"))
        .contains("4");
  }

  @Test
  void invoke_model_with_response_stream_sends_novas_chunks() throws Exception {
    List<String> chunks = Collections.synchronizedList(new ArrayList<>());
    var handler =
        InvokeModelWithResponseStreamResponseHandler.builder()
            .subscriber(part -> chunks.add(((PayloadPart) part).bytes().asUtf8String()))
            .build();

    stage
        .async
        .invokeModelWithResponseStream(
            request -> request.modelId(Stage.SCRIPTED).body(SdkBytes.fromUtf8String(NOVA)), handler)
        .get(20, TimeUnit.SECONDS);

    assertThat(chunks).hasSize(8);
    assertThat(chunks.getFirst()).isEqualTo("{\"messageStart\":{\"role\":\"assistant\"}}");
    assertThat(Json.read(chunks.get(3)).at("/contentBlockDelta/delta/text").asText())
        .isEqualTo("Hello ");
    assertThat(
            Json.read(chunks.getLast())
                .at("/amazon-bedrock-invocationMetrics/outputTokenCount")
                .asInt())
        .isEqualTo(4);
  }

  @Test
  void count_tokens_gives_the_count_converse_reports() {
    int counted =
        stage
            .sync
            .countTokens(request ->
                request
                    .modelId(Stage.SCRIPTED)
                    .input(input -> input.converse(converse -> converse.messages(HELLO))))
            .inputTokens();
    int invoked =
        stage
            .sync
            .countTokens(request ->
                request
                    .modelId(Stage.SCRIPTED)
                    .input(input ->
                        input.invokeModel(invoke -> invoke.body(SdkBytes.fromUtf8String(NOVA)))))
            .inputTokens();

    assertThat(counted).isEqualTo(2);
    assertThat(invoked).isEqualTo(2);
  }

  @Test
  void apply_guardrail_masks_and_says_what() {
    var reply =
        stage.sync.applyGuardrail(request ->
            request
                .guardrailIdentifier("localrules")
                .guardrailVersion("1")
                .source(GuardrailContentSource.OUTPUT)
                .content(block -> block.text(text -> text.text("write to a.b@example.com"))));

    assertThat(reply.action()).isEqualTo(GuardrailAction.GUARDRAIL_INTERVENED);
    assertThat(reply.outputs().getFirst().text()).isEqualTo("write to {EMAIL}");
    assertThat(reply.assessments().getFirst().sensitiveInformationPolicy().piiEntities().getFirst())
        .satisfies(entity -> assertThat(entity.match()).isEqualTo("a.b@example.com"));
    assertThat(reply.usage().sensitiveInformationPolicyUnits()).isEqualTo(1);
    assertThat(reply.guardrailCoverage().textCharacters().total()).isEqualTo(24);
  }

  @Test
  void pictures_are_taken_as_one_token() {
    Message picture =
        Message.builder()
            .role(ConversationRole.USER)
            .content(
                ContentBlock.fromText("What is this"),
                ContentBlock.fromImage(image ->
                    image
                        .format("png")
                        .source(s -> s.bytes(SdkBytes.fromByteArray(new byte[] {1, 2})))))
            .build();

    ConverseResponse reply =
        stage.sync.converse(request -> request.modelId(Stage.SCRIPTED).messages(picture));

    assertThat(reply.usage().inputTokens()).isEqualTo(4);
  }

  @Test
  void a_named_tool_is_the_only_one_called() throws Exception {
    Heard heard =
        new Heard(
            stage.async,
            request ->
                request
                    .modelId(Stage.SCRIPTED)
                    .messages(HELLO)
                    .toolConfig(
                        tools("weather", "time").toBuilder()
                            .toolChoice(choice -> choice.tool(tool -> tool.name("time")))
                            .build()));

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.toolNames()).containsExactly("time");
  }

  @Test
  void the_control_api_needs_no_signature_and_keeps_no_prompt() throws Exception {
    stage.sync.converse(request ->
        request
            .modelId(Stage.SCRIPTED)
            .messages(Requests.user("a canary in the prompt"))
            .inferenceConfig(config -> config.maxTokens(7)));

    JsonNode calls = stage.control("GET", "calls", "");

    JsonNode last = calls.path("requests").path(calls.path("requests").size() - 1);
    assertThat(last.path("maxTokens").asInt()).isEqualTo(7);
    assertThat(last.path("bodySha256").asText()).hasSize(64);
    assertThat(calls.toString()).doesNotContain("canary");
    long newest = calls.path("lastSeq").asLong();
    assertThat(stage.control("GET", "calls?since=" + newest, "").path("requests")).isEmpty();
  }
}
