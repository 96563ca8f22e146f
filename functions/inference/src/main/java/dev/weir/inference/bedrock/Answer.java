package dev.weir.inference.bedrock;

import dev.weir.inference.bedrock.ConversePlan.Calls;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.Sink;
import dev.weir.model.ModelClient.SinkClosed;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Delivers one answer's events as the {@link ConversePlan} promised them, and knows whether the
 * answer is whole.
 */
final class Answer {
  private final Calls rule;
  private final Sink sink;
  private final Set<Integer> droppedBlocks = new HashSet<>();

  /** Text a model wrote beside the call that is to be the answer; shown only if none comes. */
  private final List<ModelEvent> asides = new ArrayList<>();

  private int calls;
  private boolean hasContent;
  private boolean isStopped;
  private boolean isEmpty;
  private boolean isCounted;

  Answer(Calls rule, Sink sink) {
    this.rule = rule;
    this.sink = sink;
  }

  void accept(ModelEvent event) throws SinkClosed {
    switch (event) {
      case ModelEvent.Started _, ModelEvent.BlockStopped _ -> sink.accept(event);
      case ModelEvent.TextDelta _ when rule == Calls.AS_TEXT -> asides.add(event);
      case ModelEvent.TextDelta _, ModelEvent.ReasoningDelta _ -> content(event);
      case ModelEvent.ToolStarted started -> toolStarted(started);
      case ModelEvent.ToolDelta delta -> toolDelta(delta);
      case ModelEvent.Stopped(StopReason reason) -> stopped(reason);
      case ModelEvent.UsageReported _ -> {
        isCounted = true;
        sink.accept(event);
      }
    }
  }

  /** Whether nothing more is to come. */
  boolean isWhole() {
    return isStopped && isCounted;
  }

  /** How the call ended, given how its wire ended. After a stop only the usage can be missing. */
  Ending end(Ending ofWire) {
    if (isEmpty) {
      return new Ending.Failed(Fault.of(Fault.Kind.EMPTY, "NoContent"));
    }
    return isStopped ? new Ending.Complete() : ofWire;
  }

  private void toolStarted(ModelEvent.ToolStarted started) throws SinkClosed {
    calls++;
    switch (rule) {
      case ALL -> content(started);
      case FIRST -> {
        if (calls == 1) {
          content(started);
        } else {
          droppedBlocks.add(started.block());
        }
      }
      case NONE -> droppedBlocks.add(started.block());
      case AS_TEXT -> {
        if (calls > 1) {
          droppedBlocks.add(started.block());
        }
      }
    }
  }

  private void toolDelta(ModelEvent.ToolDelta delta) throws SinkClosed {
    if (droppedBlocks.contains(delta.block())) {
      return;
    }
    content(rule == Calls.AS_TEXT ? new ModelEvent.TextDelta(delta.block(), delta.json()) : delta);
  }

  private void stopped(StopReason reason) throws SinkClosed {
    if (rule == Calls.AS_TEXT && calls == 0) {
      for (ModelEvent aside : asides) {
        content(aside);
      }
    }
    if (rule == Calls.AS_TEXT && calls > 0 && !hasContent) {
      content(new ModelEvent.TextDelta(0, "{}"));
    }
    isStopped = true;
    StopReason told = reason;
    if (reason == StopReason.TOOL_USE && (rule == Calls.AS_TEXT || rule == Calls.NONE)) {
      told = StopReason.END_TURN;
    }
    isEmpty = !hasContent && isSuspicious(told);
    if (!isEmpty) {
      sink.accept(new ModelEvent.Stopped(told));
    }
  }

  private void content(ModelEvent event) throws SinkClosed {
    hasContent = true;
    sink.accept(event);
  }

  /** Whether a model that says nothing for this reason has failed. */
  private static boolean isSuspicious(StopReason reason) {
    return switch (reason) {
      case END_TURN, TOOL_USE, MALFORMED -> true;
      case STOP_SEQUENCE, MAX_TOKENS, CONTEXT_WINDOW, CONTENT_FILTERED, GUARDRAIL_INTERVENED ->
          false;
    };
  }
}
