package dev.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.api.ChatChunk;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.CompletionHead;
import dev.weir.api.CompletionUsage;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionFoldTest {
  private static final CompletionHead HEAD = new CompletionHead("id", 7, "m");

  private final CompletionFold fold = new CompletionFold(HEAD);
  private final List<ChatChunk.Delta> deltas = new ArrayList<>();

  @Test
  void text_gathers_into_one_completion_and_streams_as_chunks() {
    feed(
        new ModelEvent.Started(),
        new ModelEvent.TextDelta(0, "Hel"),
        new ModelEvent.TextDelta(0, ""),
        new ModelEvent.TextDelta(0, "lo"),
        new ModelEvent.BlockStopped(0),
        new ModelEvent.Stopped(StopReason.END_TURN));

    assertThat(fold.completion().text()).isEqualTo("Hello");
    assertThat(deltas)
        .containsExactly(
            new ChatChunk.Role(true),
            new ChatChunk.Text("Hel"),
            new ChatChunk.Text("lo"),
            new ChatChunk.Finish("stop"));
  }

  @Test
  void nothing_streams_before_the_first_content() {
    feed(new ModelEvent.Started(), new ModelEvent.TextDelta(0, ""));

    assertThat(deltas).isEmpty();
    assertThat(fold.hasContent()).isFalse();
  }

  @Test
  void interleaved_tool_calls_are_numbered_from_zero_without_gaps() {
    feed(
        new ModelEvent.TextDelta(0, "wait"),
        new ModelEvent.ToolStarted(3, "a", "f"),
        new ModelEvent.ToolStarted(7, "b", "g"),
        new ModelEvent.ToolDelta(7, "{\"y\""),
        new ModelEvent.ToolDelta(3, "{\"x\""),
        new ModelEvent.ToolDelta(7, ":2}"),
        new ModelEvent.ToolDelta(3, ":1}"),
        new ModelEvent.Stopped(StopReason.TOOL_USE));

    assertThat(fold.completion().toolCalls())
        .containsExactly(new ToolCall("a", "f", "{\"x\":1}"), new ToolCall("b", "g", "{\"y\":2}"));
    assertThat(deltas)
        .contains(
            new ChatChunk.CallStart(0, "a", "f"),
            new ChatChunk.CallStart(1, "b", "g"),
            new ChatChunk.CallArguments(1, "{\"y\""),
            new ChatChunk.CallArguments(0, "{\"x\""));
  }

  @Test
  void a_call_without_arguments_has_an_empty_object_in_both_forms() {
    feed(
        new ModelEvent.ToolStarted(1, "a", "f"),
        new ModelEvent.ToolDelta(1, ""),
        new ModelEvent.Stopped(StopReason.TOOL_USE));

    assertThat(fold.completion().toolCalls()).containsExactly(new ToolCall("a", "f", "{}"));
    assertThat(deltas).contains(new ChatChunk.CallArguments(0, "{}"));
  }

  @Test
  void a_delta_of_a_block_that_never_began_is_dropped() {
    feed(new ModelEvent.ToolDelta(4, "{}"));

    assertThat(deltas).isEmpty();
  }

  @Test
  void usage_nobody_reported_is_absent() {
    feed(new ModelEvent.TextDelta(0, "a"), new ModelEvent.Stopped(StopReason.END_TURN));

    assertThat(fold.usage()).isEmpty();
    assertThat(fold.completion().usage()).isEmpty();
  }

  @Test
  void usage_reported_as_zero_is_zero() {
    feed(new ModelEvent.UsageReported(Usage.ZERO));

    assertThat(fold.completion().usage()).contains(new CompletionUsage(0, 0, 0, 0));
  }

  @Test
  void prompt_tokens_count_the_cached_part_too() {
    feed(new ModelEvent.UsageReported(new Usage(10, 5, 100, 20, 3)));

    assertThat(fold.completion().usage()).contains(new CompletionUsage(133, 5, 100, 23));
    assertThat(deltas).containsExactly(new ChatChunk.Totals(new CompletionUsage(133, 5, 100, 23)));
  }

  @ParameterizedTest
  @CsvSource({
    "END_TURN,false,stop",
    "STOP_SEQUENCE,false,stop",
    "TOOL_USE,false,stop",
    "MALFORMED,false,stop",
    "MAX_TOKENS,false,length",
    "CONTEXT_WINDOW,false,length",
    "CONTENT_FILTERED,false,content_filter",
    "GUARDRAIL_INTERVENED,false,content_filter",
    "END_TURN,true,tool_calls",
    "TOOL_USE,true,tool_calls",
    "MAX_TOKENS,true,length",
  })
  void every_stop_reason_has_its_finish_reason(StopReason reason, boolean calls, String finish) {
    if (calls) {
      feed(new ModelEvent.ToolStarted(0, "a", "f"));
    }
    feed(new ModelEvent.Stopped(reason));

    assertThat(fold.completion().finishReason()).isEqualTo(finish);
    assertThat(deltas).endsWith(new ChatChunk.Finish(finish));
    assertThat(fold.stopReason()).contains(reason);
  }

  private void feed(ModelEvent... events) {
    for (ModelEvent event : events) {
      fold.accept(event).forEach(chunk -> deltas.add(chunk.delta()));
    }
  }
}
