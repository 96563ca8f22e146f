package dev.weir.local.bedrock.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Bedrock refuses, and what it takes. */
final class PromptReaderTest {
  private static final String HI = "{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}";
  private static final String YO = "{\"role\":\"assistant\",\"content\":[{\"text\":\"yo\"}]}";
  private static final String TOOLS =
      "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"t\",\"inputSchema\":{\"json\":{\"type\":\"object\"}}}}]}";
  private static final String USE =
      "{\"role\":\"assistant\",\"content\":[{\"toolUse\":{\"toolUseId\":\"a\",\"name\":\"t\",\"input\":{}}},"
          + "{\"toolUse\":{\"toolUseId\":\"b\",\"name\":\"t\",\"input\":{}}}]}";

  private static String turns(String... turns) {
    return "{\"messages\":[" + String.join(",", turns) + "]}";
  }

  private static String with(String members) {
    return "{\"messages\":[" + HI + "]," + members + "}";
  }

  private static String user(String block) {
    return turns("{\"role\":\"user\",\"content\":[" + block + "]}");
  }

  private static String tooled(String turns) {
    return "{\"messages\":[" + turns + "]," + TOOLS + "}";
  }

  private static String result(String id) {
    return "{\"toolResult\":{\"toolUseId\":\"" + id + "\",\"content\":[{\"text\":\"r\"}]}}";
  }

  private static String results(String... ids) {
    return "{\"role\":\"user\",\"content\":["
        + String.join(",", Stream.of(ids).map(PromptReaderTest::result).toList())
        + "]}";
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("{", "not valid JSON"),
        Arguments.of("{\"a\":1,\"a\":2}", "not valid JSON"),
        Arguments.of("{}", "'messages' failed to satisfy constraint"),
        Arguments.of("{\"messages\":[]}", "'messages' failed to satisfy constraint"),
        Arguments.of("{\"messages\":{}}", "'messages' must be a list"),
        Arguments.of(turns(YO), "must start with a user message"),
        Arguments.of(turns(HI, HI), "must alternate"),
        Arguments.of(turns(HI, YO, YO), "must alternate"),
        Arguments.of(turns("{\"role\":\"system\",\"content\":[]}"), "enum value set"),
        Arguments.of(turns("{\"role\":\"user\",\"content\":[]}"), "messages.0 is empty"),
        Arguments.of(turns("{\"role\":\"user\",\"content\":\"hi\"}"), "must be a list"),
        Arguments.of(user("{\"text\":\"  \"}"), "is blank"),
        Arguments.of(user("{\"text\":1}"), "must be a string"),
        Arguments.of(user("{\"txt\":\"a\"}"), "messages.0.content.0.txt"),
        Arguments.of(user("{}"), "Exactly one member"),
        Arguments.of(
            user("{\"text\":\"a\",\"cachePoint\":{\"type\":\"default\"}}"), "Exactly one member"),
        Arguments.of(
            user("{\"image\":{\"format\":\"bmp\",\"source\":{\"bytes\":\"AAAA\"}}}"),
            "enum value set"),
        Arguments.of(
            user("{\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"no base64!\"}}}"),
            "must be base64"),
        Arguments.of(
            user("{\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"\"}}}"), "must be base64"),
        Arguments.of(user("{\"image\":{\"format\":\"png\"}}"), "must be an object"),
        Arguments.of(with("\"temperature\":1"), "not known: 'temperature'"),
        Arguments.of(with("\"modelId\":\"x\""), "not known: 'modelId'"),
        Arguments.of(with("\"guardrailConfig\":{\"guardrailIdentifier\":\"x\"}"), "only served by"),
        Arguments.of(with("\"inferenceConfig\":{\"topK\":1}"), "not known: 'inferenceConfig.topK'"),
        Arguments.of(with("\"inferenceConfig\":{\"maxTokens\":0}"), "greater than or equal to 1"),
        Arguments.of(with("\"inferenceConfig\":{\"maxTokens\":1.5}"), "greater than or equal to 1"),
        Arguments.of(with("\"inferenceConfig\":{\"temperature\":1.1}"), "less than or equal to 1"),
        Arguments.of(with("\"inferenceConfig\":{\"temperature\":-0.1}"), "equal to 0"),
        Arguments.of(with("\"inferenceConfig\":{\"topP\":2}"), "less than or equal to 1"),
        Arguments.of(with("\"inferenceConfig\":{\"topP\":\"1\"}"), "equal to 0"),
        Arguments.of(with("\"inferenceConfig\":{\"stopSequences\":[\"\"]}"), "length greater"),
        Arguments.of(with("\"inferenceConfig\":{\"stopSequences\":\"x\"}"), "must be a list"),
        Arguments.of(with("\"system\":[{\"text\":\"\"}]"), "is blank"),
        Arguments.of(with("\"toolConfig\":{\"tools\":[]}"), "length greater than or equal to 1"),
        Arguments.of(
            with("\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"a b\"}}]}"),
            "regular expression"),
        Arguments.of(
            with(
                "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"t\",\"inputSchema\":{\"json\":{\"type\":\"array\"}}}}]}"),
            "must be one of the following: object"),
        Arguments.of(
            with(TOOLS.replace("}}}}]", "}}}}],\"toolChoice\":{\"tool\":{\"name\":\"u\"}}")),
            "'u' of toolChoice is not in toolConfig"),
        Arguments.of(turns(HI, USE, results("a", "b")), "toolConfig field must be defined"),
        Arguments.of(tooled(HI + "," + USE + "," + HI), "Ids: a, b"),
        Arguments.of(tooled(HI + "," + USE + "," + results("a")), "Ids: a, b"),
        Arguments.of(
            tooled(HI + "," + USE + "," + results("a", "b", "c")), "do not match the toolUse"),
        Arguments.of(tooled(results("a")), "do not match the toolUse"),
        Arguments.of(tooled(HI + "," + USE + "," + results("a", "a")), "duplicate Id: a"),
        Arguments.of(
            tooled(
                "{\"role\":\"user\",\"content\":[{\"toolUse\":{\"toolUseId\":\"a\",\"name\":\"t\",\"input\":{}}}]}"),
            "only allowed in a turn of the assistant"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void a_request_bedrock_refuses_is_refused_and_says_why(String body, String why) {
    ErrorReply error = catchThrowableOfType(ErrorReply.class, () -> read(body));

    assertThat(error).isNotNull();
    assertThat(error.type()).isEqualTo("ValidationException");
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.text()).contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"inferenceConfig\":{\"maxTokens\":1,\"temperature\":0,\"topP\":1,\"stopSequences\":[\"x\"]}",
        "\"additionalModelRequestFields\":{\"top_k\":5}",
        "\"requestMetadata\":{\"a\":\"b\"}",
        "\"system\":[{\"text\":\"a\"},{\"cachePoint\":{\"type\":\"default\"}}]",
        "\"serviceTier\":{\"type\":\"default\"}"
      })
  void a_request_bedrock_takes_is_taken(String members) throws ErrorReply {
    assertThat(read(with(members)).turns()).hasSize(1);
  }

  @Test
  void a_whole_tool_conversation_is_taken() throws ErrorReply {
    Prompt prompt = read(tooled(HI + "," + USE + "," + results("b", "a") + "," + YO + "," + HI));

    assertThat(prompt.turns()).hasSize(5);
    assertThat(prompt.turns().get(2).toolResults()).isTrue();
    assertThat(prompt.turns().get(1).text()).isEqualTo("t {}\nt {}");
  }

  private static Prompt read(String body) throws ErrorReply {
    return PromptReader.CONVERSE.read(body.getBytes(StandardCharsets.UTF_8));
  }
}
