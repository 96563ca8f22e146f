package dev.weir.stream;

import dev.weir.api.ChatChunk;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest.ToolCall;
import dev.weir.api.CompletionHead;
import dev.weir.api.CompletionUsage;
import dev.weir.ledger.Usage;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds a model's events into a completion and, on the way, into the chunks of the same completion:
 * a streamed and a buffered answer come from one state and cannot differ. Tool calls are numbered
 * from 0 in the order they begin, whatever blocks they arrive in. One answer, one thread.
 */
public final class CompletionFold {
  private final CompletionHead head;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private final Map<Integer, Call> callsByBlock = new HashMap<>();
  private boolean isRoleSent;
  private Optional<StopReason> stopReason = Optional.empty();
  private Optional<Usage> usage = Optional.empty();

  public CompletionFold(CompletionHead head) {
    this.head = head;
  }

  private record Call(int index, String id, String name, StringBuilder arguments) {}

  /** Takes in one event and returns the chunks it becomes, possibly none. */
  public List<ChatChunk> accept(ModelEvent event) {
    return switch (event) {
      case ModelEvent.Started _, ModelEvent.BlockStopped _ -> List.of();
      case ModelEvent.TextDelta(_, String piece) when piece.isEmpty() -> List.of();
      case ModelEvent.TextDelta(_, String piece) -> {
        text.append(piece);
        yield chunks(true, new ChatChunk.Text(piece));
      }
      case ModelEvent.ReasoningDelta(_, String piece) when piece.isEmpty() -> List.of();
      case ModelEvent.ReasoningDelta(_, String piece) -> {
        reasoning.append(piece);
        yield chunks(false, new ChatChunk.Reasoning(piece));
      }
      case ModelEvent.ToolStarted(int block, String id, String name) -> {
        Call call = new Call(calls.size(), id, name, new StringBuilder());
        calls.add(call);
        callsByBlock.put(block, call);
        yield chunks(false, new ChatChunk.CallStart(call.index(), id, name));
      }
      case ModelEvent.ToolDelta(int block, String json) -> toolDelta(block, json);
      case ModelEvent.Stopped(StopReason reason) -> {
        stopReason = Optional.of(reason);
        yield stopped(reason);
      }
      case ModelEvent.UsageReported(Usage reported) -> {
        usage = Optional.of(reported);
        yield List.of(new ChatChunk(head, new ChatChunk.Totals(counted(reported))));
      }
    };
  }

  /** The answer so far; whole once {@link #stopReason} is present. */
  public ChatCompletion completion() {
    return new ChatCompletion(
        head,
        text.toString(),
        reasoning.toString(),
        toolCalls(),
        stopReason.map(this::finishReason).orElse("stop"),
        usage.map(CompletionFold::counted));
  }

  /** Why the model stopped; empty until it has. */
  public Optional<StopReason> stopReason() {
    return stopReason;
  }

  /** What the model counted; empty when it has not said, which is not the same as zero. */
  public Optional<Usage> usage() {
    return usage;
  }

  /** Whether any text, reasoning or tool call has arrived. */
  public boolean hasContent() {
    return !text.isEmpty() || !reasoning.isEmpty() || !calls.isEmpty();
  }

  private List<ChatChunk> toolDelta(int block, String json) {
    Call call = callsByBlock.get(block);
    if (call == null || json.isEmpty()) {
      return List.of();
    }
    call.arguments().append(json);
    return chunks(false, new ChatChunk.CallArguments(call.index(), json));
  }

  private List<ChatChunk> stopped(StopReason reason) {
    List<ChatChunk> chunks = new ArrayList<>();
    for (Call call : calls) {
      // A call without parameters streams no arguments at all; clients parse them as JSON.
      if (call.arguments().isEmpty()) {
        call.arguments().append("{}");
        chunks.addAll(chunks(false, new ChatChunk.CallArguments(call.index(), "{}")));
      }
    }
    chunks.addAll(chunks(true, new ChatChunk.Finish(finishReason(reason))));
    return chunks;
  }

  private List<ChatChunk> chunks(boolean isTextNext, ChatChunk.Delta delta) {
    ChatChunk chunk = new ChatChunk(head, delta);
    if (isRoleSent) {
      return List.of(chunk);
    }
    isRoleSent = true;
    return List.of(new ChatChunk(head, new ChatChunk.Role(isTextNext)), chunk);
  }

  /** OpenAI says {@code tool_calls} exactly when there are some; not every model does. */
  private String finishReason(StopReason reason) {
    return switch (reason) {
      case END_TURN, STOP_SEQUENCE, TOOL_USE, MALFORMED ->
          calls.isEmpty() ? StopReason.END_TURN.finishReason() : StopReason.TOOL_USE.finishReason();
      case MAX_TOKENS, CONTEXT_WINDOW, CONTENT_FILTERED, GUARDRAIL_INTERVENED ->
          reason.finishReason();
    };
  }

  private List<ToolCall> toolCalls() {
    return calls.stream()
        .map(call -> new ToolCall(call.id(), call.name(), call.arguments().toString()))
        .toList();
  }

  private static CompletionUsage counted(Usage usage) {
    return new CompletionUsage(
        usage.promptTokens(),
        usage.outputTokens(),
        usage.cacheReadTokens(),
        usage.cacheWrite5mTokens() + usage.cacheWrite1hTokens());
  }
}
