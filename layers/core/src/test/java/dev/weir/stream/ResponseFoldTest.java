package dev.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.api.ChatChunk;
import dev.weir.api.CompletionHead;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseFoldTest {
  private static final int ANSWERS = 3_000;
  private static final CompletionHead HEAD = new CompletionHead("resp_t", 1, "m");

  private final Random random = new Random(20261122);

  /** What a client has once it has heard these events, with the rules of the official clients. */
  private static ArrayNode heard(List<ObjectNode> events) {
    ArrayNode output = JsonNodeFactory.instance.arrayNode();
    for (ObjectNode event : events) {
      int index = event.path("output_index").asInt();
      switch (event.path("type").asText()) {
        case "response.output_item.added" -> {
          assertThat(index).as("indexes have no gaps").isEqualTo(output.size());
          output.add(event.get("item").deepCopy());
        }
        case "response.content_part.added" ->
            content(output, index).add(event.get("part").deepCopy());
        case "response.output_text.delta", "response.reasoning_text.delta" -> {
          ObjectNode part = (ObjectNode) content(output, index).get(0);
          part.put("text", part.path("text").asText() + event.path("delta").asText());
        }
        case "response.function_call_arguments.delta" -> {
          ObjectNode call = (ObjectNode) output.get(index);
          call.put("arguments", call.path("arguments").asText() + event.path("delta").asText());
        }
        case "response.output_text.done", "response.reasoning_text.done" ->
            assertThat(content(output, index).get(0).path("text")).isEqualTo(event.get("text"));
        case "response.function_call_arguments.done" ->
            assertThat(output.get(index).path("arguments")).isEqualTo(event.get("arguments"));
        case "response.content_part.done" ->
            assertThat(content(output, index).get(0)).isEqualTo(event.get("part"));
        case "response.output_item.done" -> {
          ObjectNode item = (ObjectNode) output.get(index);
          item.set("status", event.get("item").get("status"));
          assertThat(item).isEqualTo(event.get("item"));
        }
        default -> throw new AssertionError("no client knows " + event);
      }
    }
    return output;
  }

  private static ArrayNode content(ArrayNode output, int index) {
    return (ArrayNode) output.get(index).get("content");
  }

  @Test
  void who_hears_the_events_has_the_output() {
    for (int answer = 0; answer < ANSWERS; answer++) {
      List<ModelEvent> said = said();
      CompletionFold completion = new CompletionFold(HEAD);
      ResponseFold fold = new ResponseFold("t");
      List<ObjectNode> events = new ArrayList<>();
      for (ModelEvent event : said) {
        for (ChatChunk chunk : completion.accept(event)) {
          events.addAll(fold.accept(chunk));
        }
        assertThat(heard(events)).as("at every moment: %s", said).isEqualTo(fold.output());
      }

      assertThat(heard(events)).as("%s", said).isEqualTo(fold.output());
      assertThat(text(fold.output())).isEqualTo(completion.completion().text());
      assertThat(fold.output().valueStream().map(item -> item.path("status").asText()))
          .doesNotContain("in_progress");
    }
  }

  @Test
  void an_answer_that_is_cut_short_says_so_at_its_last_item() {
    CompletionFold completion = new CompletionFold(HEAD);
    ResponseFold fold = new ResponseFold("t");
    List<ModelEvent> events =
        List.of(
            new ModelEvent.ReasoningDelta(0, "hm"),
            new ModelEvent.TextDelta(1, "so"),
            new ModelEvent.Stopped(StopReason.MAX_TOKENS));
    events.forEach(event -> completion.accept(event).forEach(fold::accept));

    assertThat(fold.output().valueStream().map(item -> item.path("status").asText()))
        .containsExactly("completed", "incomplete");
    assertThat(fold.finishReason()).isEqualTo("length");
  }

  private static String text(ArrayNode output) {
    StringBuilder text = new StringBuilder();
    for (JsonNode item : output) {
      if (item.path("type").asText().equals("message")) {
        text.append(item.path("content").path(0).path("text").asText());
      }
    }
    return text.toString();
  }

  /** Pieces of text, reasoning and up to three tool calls in any order. */
  private List<ModelEvent> said() {
    List<ModelEvent> events = new ArrayList<>(List.of(new ModelEvent.Started()));
    int calls = 0;
    for (int i = random.nextInt(12); i > 0; i--) {
      int kind = random.nextInt(4);
      if (kind == 0) {
        events.add(new ModelEvent.TextDelta(0, "text " + i));
      } else if (kind == 1) {
        events.add(new ModelEvent.ReasoningDelta(1, "thought " + i));
      } else if (kind == 2 && calls < 3) {
        events.add(new ModelEvent.ToolStarted(10 + calls, "call_" + calls, "f" + calls));
        calls++;
      } else if (calls > 0) {
        events.add(new ModelEvent.ToolDelta(10 + random.nextInt(calls), "{\"x\":" + i + "}"));
      }
    }
    StopReason[] reasons = StopReason.values();
    events.add(new ModelEvent.Stopped(reasons[random.nextInt(reasons.length)]));
    return events;
  }
}
