package dev.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.CompletionHead;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random answers: whichever way one is delivered, a client ends up with the same message. */
class StreamedEqualsBufferedTest {
  private static final int ANSWERS = 5_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> PIECES =
      List.of(
          "a", "Hello ", "wörld", "\u0000", "\"\\\n", "😀", "e\u0301", "x".repeat(200), "\u2028");

  private final Random random = new Random(20260801);

  @Test
  void streamed_replayed_and_buffered_answers_are_the_same_message() throws IOException {
    for (int i = 0; i < ANSWERS; i++) {
      List<ModelEvent> events = events();
      CompletionFold fold = new CompletionFold(new CompletionHead("chatcmpl-" + i, i, "m"));
      List<ChatChunk> streamed = new ArrayList<>();
      events.forEach(event -> streamed.addAll(fold.accept(event)));
      ChatCompletion completion = fold.completion();
      var buffered = MAPPER.readTree(ChatCompletionWriter.bytes(completion));

      assertThat(ClientAccumulator.of(streamed)).as("streamed %s", events).isEqualTo(buffered);
      assertThat(ClientAccumulator.of(CompletionReplay.chunks(completion)))
          .as("replayed %s", events)
          .isEqualTo(buffered);
      assertThat(ChatCompletionReader.read(ChatCompletionWriter.bytes(completion)))
          .contains(completion);
    }
  }

  @Test
  void a_long_answer_is_replayed_in_several_chunks() {
    CompletionFold fold = new CompletionFold(new CompletionHead("id", 1, "m"));
    fold.accept(new ModelEvent.TextDelta(0, "😀".repeat(1000)));

    assertThat(CompletionReplay.chunks(fold.completion())).hasSizeGreaterThan(30);
  }

  /** Text, reasoning and tool blocks whose deltas are shuffled into each other. */
  private List<ModelEvent> events() {
    List<List<ModelEvent>> blocks = new ArrayList<>();
    for (int block = 0, count = random.nextInt(5); block < count; block++) {
      blocks.add(block(block + random.nextInt(2) * 10));
    }
    List<ModelEvent> events = new ArrayList<>(List.of(new ModelEvent.Started()));
    while (!blocks.isEmpty()) {
      List<ModelEvent> block = blocks.get(random.nextInt(blocks.size()));
      events.add(block.removeFirst());
      blocks.removeIf(List::isEmpty);
    }
    StopReason[] reasons = StopReason.values();
    events.add(new ModelEvent.Stopped(reasons[random.nextInt(reasons.length)]));
    if (random.nextInt(4) > 0) {
      events.add(
          new ModelEvent.UsageReported(
              new Usage(random.nextInt(9), random.nextInt(9), random.nextInt(9), 1, 2)));
    }
    return events;
  }

  private List<ModelEvent> block(int index) {
    List<ModelEvent> events = new ArrayList<>();
    int kind = random.nextInt(3);
    if (kind == 2) {
      events.add(new ModelEvent.ToolStarted(index, "call_" + index, "f" + index));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      String piece = PIECES.get(random.nextInt(PIECES.size())).repeat(random.nextInt(3));
      events.add(
          switch (kind) {
            case 0 -> new ModelEvent.TextDelta(index, piece);
            case 1 -> new ModelEvent.ReasoningDelta(index, piece);
            default -> new ModelEvent.ToolDelta(index, piece);
          });
    }
    events.add(new ModelEvent.BlockStopped(index));
    return events;
  }
}
