package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatCompletion;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the adapter makes of sound answers, on both wires. */
@Timeout(60)
class BedrockAnswersTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void a_streamed_answer_equals_the_buffered_one(Fixture fixture) throws Exception {
    Asked streamed = Asked.of(fixture, true);
    Asked buffered = Asked.of(fixture, false);

    assertThat(streamed.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(buffered.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(comparable(streamed)).isEqualTo(comparable(buffered));
  }

  @Test
  void text_arrives_piece_by_piece() throws Exception {
    assertThat(Asked.of(Fixture.TEXT, true).events())
        .contains(new ModelEvent.TextDelta(0, "Grüß "), new ModelEvent.TextDelta(0, "dich 😀"))
        .doesNotContain(new ModelEvent.TextDelta(0, ""));
  }

  @Test
  void a_forced_tools_arguments_arrive_as_text_and_nothing_else_does() throws Exception {
    Asked outcome = Asked.of(Fixture.JSON_SCHEMA, true);

    assertThat(outcome.completion().text()).isEqualTo("{\"city\":\"Bern\"}");
    assertThat(outcome.completion().toolCalls()).isEmpty();
    assertThat(outcome.completion().finishReason()).isEqualTo("stop");
  }

  @Test
  void cached_usage_is_told_by_lifetime() throws Exception {
    assertThat(Asked.of(Fixture.CACHED, true).events())
        .endsWith(new ModelEvent.UsageReported(new Usage(10, 2, 100, 10, 20)));
  }

  @ParameterizedTest
  @CsvSource({"end_turn,true", "tool_use,true", "max_tokens,false", "guardrail_intervened,false"})
  void a_model_that_ends_its_turn_without_a_word_has_failed(String reason, boolean failed)
      throws Exception {
    byte[] stream =
        Fixture.joined(
            List.of(
                Fixture.event("messageStart", "{'role':'assistant'}"),
                Fixture.event("messageStop", "{'stopReason':'" + reason + "'}"),
                Fixture.event("metadata", "{'usage':{'inputTokens':5,'outputTokens':0}}")));

    Asked outcome = Asked.cut(Fixture.TEXT, stream, true);

    if (failed) {
      assertThat(outcome.kind()).isEqualTo(Fault.Kind.EMPTY);
      assertThat(outcome.events()).noneMatch(ModelEvent.Stopped.class::isInstance);
    } else {
      assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
    }
    assertThat(outcome.events()).endsWith(new ModelEvent.UsageReported(Usage.of(5, 0)));
  }

  /** A completion with its JSON texts parsed: their white space may differ between the wires. */
  private static List<Object> comparable(Asked outcome) throws IOException {
    ChatCompletion completion = outcome.completion();
    List<Object> parts = new ArrayList<>();
    parts.add(completion.reasoning());
    parts.add(completion.finishReason());
    parts.add(completion.usage());
    parts.add(outcome.events().getLast());
    parts.add(tree(completion.text()).isPresent() ? tree(completion.text()) : completion.text());
    for (var call : completion.toolCalls()) {
      parts.addAll(List.of(call.id(), call.name(), tree(call.arguments()).orElseThrow()));
    }
    return parts;
  }

  private static Optional<JsonNode> tree(String text) throws IOException {
    return text.startsWith("{") ? Optional.of(MAPPER.readTree(text)) : Optional.empty();
  }
}
