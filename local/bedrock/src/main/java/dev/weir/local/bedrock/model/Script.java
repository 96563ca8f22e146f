package dev.weir.local.bedrock.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer written down: what a test wants a model to say, event by event, well-formed or not.
 *
 * @param steps what happens, in order
 */
public record Script(List<Step> steps) {

  /** The complete answer of a model that says nothing. */
  public static final Script EMPTY =
      new Script(
          List.of(
              new Say(StreamEvent.started()),
              new Say(StreamEvent.stopped("end_turn")),
              new Say(StreamEvent.metadata(1, 0, 1))));

  /** One step of a script. */
  public sealed interface Step {}

  /** Sends an event. */
  public record Say(StreamEvent event) implements Step {}

  /** Waits. */
  public record Wait(Duration length) implements Step {}

  /**
   * Reads a script: an array of objects with one member each, an event's name or {@code
   * delayMillis}.
   *
   * @throws IllegalArgumentException names the step that is none
   */
  public static Script of(JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("a script is an array of events");
    }
    List<Step> steps = new ArrayList<>();
    for (JsonNode node : array) {
      if (node.size() != 1) {
        throw new IllegalArgumentException("step " + steps.size() + ": one member is wanted");
      }
      steps.add(step(steps.size(), node.properties().iterator().next()));
    }
    return new Script(List.copyOf(steps));
  }

  private static Step step(int index, Map.Entry<String, JsonNode> member) {
    if (member.getKey().equals("delayMillis")) {
      return new Wait(Duration.ofMillis(member.getValue().asLong()));
    }
    if (!StreamEvent.TYPES.contains(member.getKey()) || !member.getValue().isObject()) {
      throw new IllegalArgumentException("step " + index + ": no event " + member.getKey());
    }
    return new Say(new StreamEvent(member.getKey(), member.getValue()));
  }

  /** Says it all. */
  public void play(AnswerSink sink) throws AnswerEnded {
    for (Step step : steps) {
      switch (step) {
        case Say(StreamEvent event) -> sink.send(event);
        case Wait(Duration length) -> sink.pause(length);
      }
    }
  }
}
