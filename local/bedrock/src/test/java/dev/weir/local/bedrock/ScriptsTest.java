package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;

/** What a test puts in a model's mouth. */
final class ScriptsTest extends StageTest {
  private static final String INTERLEAVED =
      """
      [{"messageStart":{"role":"assistant"}},
       {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}},
       {"contentBlockStop":{"contentBlockIndex":0}},
       {"contentBlockStart":{"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"a","name":"one"}}}},
       {"contentBlockDelta":{"contentBlockIndex":3,"delta":{"toolUse":{"input":"{\\"x\\""}}}},
       {"delayMillis":50},
       {"contentBlockDelta":{"contentBlockIndex":1,"delta":{"text":"text"}}},
       {"contentBlockDelta":{"contentBlockIndex":3,"delta":{"toolUse":{"input":":1}"}}}},
       {"contentBlockStop":{"contentBlockIndex":3}},
       {"contentBlockStop":{"contentBlockIndex":1}},
       {"messageStop":{"stopReason":"tool_use"}},
       {"metadata":{"usage":{"inputTokens":3,"outputTokens":9,"totalTokens":12,"cacheReadInputTokens":2},"metrics":{"latencyMs":1}}}]
      """;

  private static Heard stream() {
    return new Heard(stage.async, request -> request.modelId(Stage.SCRIPTED).messages(HELLO));
  }

  private static ConverseResponse converse() {
    return stage.sync.converse(request -> request.modelId(Stage.SCRIPTED).messages(HELLO));
  }

  @Test
  void a_stream_sends_the_script_event_by_event() throws Exception {
    stage.script(INTERLEAVED);

    Heard heard = stream();

    assertThat(heard.failure()).isEmpty();
    assertThat(heard.events).hasSize(11);
    assertThat(heard.toolInput(3)).isEqualTo("{\"x\":1}");
  }

  @Test
  void converse_folds_the_same_script() throws Exception {
    stage.script(INTERLEAVED);

    ConverseResponse reply = converse();

    assertThat(reply.output().message().content())
        .extracting(ContentBlock::type)
        .containsExactly(
            ContentBlock.Type.REASONING_CONTENT,
            ContentBlock.Type.TEXT,
            ContentBlock.Type.TOOL_USE);
    assertThat(reply.output().message().content().get(2).toolUse().input().asMap())
        .containsKey("x");
    assertThat(reply.stopReason()).isEqualTo(StopReason.TOOL_USE);
    assertThat(reply.usage().cacheReadInputTokens()).isEqualTo(2);
    assertThat(stage.counted("outputTokens")).isEqualTo(9);
  }

  @Test
  void an_exception_in_a_script_fails_both_ways() throws Exception {
    stage.script(
        """
        [{"messageStart":{"role":"assistant"}},
         {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"half"}}},
         {"modelStreamErrorException":{"message":"broken"}}]
        """);

    Heard heard = stream();

    assertThat(heard.failure().orElseThrow()).isInstanceOf(ModelStreamErrorException.class);
    assertThat(heard.text()).isEqualTo("half");
    assertThatThrownBy(ScriptsTest::converse)
        .isInstanceOfAny(ModelErrorException.class, ModelStreamErrorException.class);
    assertThat(stage.counted("failed")).isEqualTo(2);
    assertThat(stage.counted("completed")).isZero();
  }

  @Test
  void a_deleted_script_gives_the_model_its_voice_back() throws Exception {
    stage.script(INTERLEAVED);
    stage.control("DELETE", "scripts/" + Stage.SCRIPTED, "");

    assertThat(converse().stopReason()).isEqualTo(StopReason.END_TURN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[{\"nonsense\":{}}]",
        "[{\"messageStart\":1}]",
        "[{}]",
        "[{\"a\":{},\"b\":{}}]"
      })
  void a_script_that_is_none_is_refused(String script) {
    assertThatThrownBy(() -> stage.script(script)).isInstanceOf(IllegalStateException.class);
  }
}
