package dev.weir.inference.sagemaker;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Reads the chunks of a chat completion (OpenAI API reference, as vLLM, LMI and TGI serve it) into
 * model events; a whole completion is read as one chunk. One answer, one thread.
 */
final class ChatChunks {
  private static final ObjectReader READER =
      new ObjectMapper()
          .reader()
          .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

  private static final String DONE = "[DONE]";
  private static final int TEXT = 0;
  private static final int REASONING = 1;
  private static final int FIRST_CALL = 2;

  private final SequencedSet<Integer> callBlocks = new LinkedHashSet<>();
  private boolean isStarted;
  private boolean isStopped;

  /**
   * Takes the data of one event.
   *
   * @return how the answer has ended with it, if it has
   * @throws IOException when it is not JSON
   */
  Optional<Ending> take(String data, List<ModelEvent> events) throws IOException {
    if (data.equals(DONE)) {
      return Optional.of(new Ending.Failed(Fault.of(Fault.Kind.CUT, "NoStop")));
    }
    JsonNode chunk = READER.readTree(data);
    Optional<Fault> fault = SageMakerFault.ofChunk(chunk);
    if (fault.isPresent()) {
      return Optional.of(new Ending.Failed(fault.get()));
    }
    if (!isStarted) {
      isStarted = true;
      events.add(new ModelEvent.Started());
    }
    JsonNode choice = chunk.path("choices").path(0);
    if (!isStopped && choice.isObject()) {
      choice(choice, events);
    }
    if (isStopped) {
      usage(chunk.path("usage")).ifPresent(events::add);
    }
    return Optional.empty();
  }

  private void choice(JsonNode choice, List<ModelEvent> events) {
    JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
    text(delta.path("reasoning_content"))
        .or(() -> text(delta.path("reasoning")))
        .ifPresent(text -> events.add(new ModelEvent.ReasoningDelta(REASONING, text)));
    text(delta.path("content")).ifPresent(text -> events.add(new ModelEvent.TextDelta(TEXT, text)));
    JsonNode calls = delta.path("tool_calls");
    if (calls.isObject()) {
      call(calls, 0, events); // TGI before 3
    }
    for (int i = 0; calls.isArray() && i < calls.size(); i++) {
      call(calls.path(i), i, events);
    }
    text(choice.path("finish_reason")).ifPresent(reason -> stop(reason, events));
  }

  private void call(JsonNode call, int place, List<ModelEvent> events) {
    int index = call.path("index").asInt(place);
    JsonNode function = call.path("function");
    if (callBlocks.add(FIRST_CALL + index)) {
      events.add(
          new ModelEvent.ToolStarted(
              FIRST_CALL + index,
              text(call.path("id")).orElse("call_" + index),
              function.path("name").asText()));
    }
    JsonNode arguments = function.path("arguments");
    Optional.of(arguments.isObject() ? arguments.toString() : arguments.asText(""))
        .filter(json -> !json.isEmpty())
        .ifPresent(json -> events.add(new ModelEvent.ToolDelta(FIRST_CALL + index, json)));
  }

  private void stop(String reason, List<ModelEvent> events) {
    isStopped = true;
    callBlocks.forEach(block -> events.add(new ModelEvent.BlockStopped(block)));
    events.add(
        new ModelEvent.Stopped(
            switch (reason) {
              // A server that was told which tool to call says that it stopped.
              case "stop", "eos_token" ->
                  callBlocks.isEmpty() ? StopReason.END_TURN : StopReason.TOOL_USE;
              case "stop_sequence" -> StopReason.STOP_SEQUENCE;
              case "length" -> StopReason.MAX_TOKENS;
              case "tool_calls", "function_call" -> StopReason.TOOL_USE;
              case "content_filter" -> StopReason.CONTENT_FILTERED;
              default -> StopReason.MALFORMED;
            }));
  }

  /** What the server counted; what it says before the answer has stopped is not the end of it. */
  private static Optional<ModelEvent> usage(JsonNode usage) {
    if (!usage.hasNonNull("prompt_tokens") || !usage.hasNonNull("completion_tokens")) {
      return Optional.empty();
    }
    long prompt = Math.max(0, usage.path("prompt_tokens").asLong());
    long cached =
        Math.clamp(usage.path("prompt_tokens_details").path("cached_tokens").asLong(), 0, prompt);
    return Optional.of(
        new ModelEvent.UsageReported(
            new Usage(
                prompt - cached,
                Math.max(0, usage.path("completion_tokens").asLong()),
                cached,
                0,
                0)));
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node.isTextual() ? node.textValue() : "").filter(text -> !text.isEmpty());
  }
}
