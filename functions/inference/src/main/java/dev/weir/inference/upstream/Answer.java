package dev.weir.inference.upstream;

import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient.Sink;
import dev.weir.model.ModelClient.SinkClosed;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.route.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Delivers one answer's events with the tool calls that were asked for, and knows whether the
 * answer is whole. One call, one thread.
 */
public final class Answer implements Listener<ModelEvent> {

  /** What becomes of the tool calls a model makes. */
  public enum Calls {
    /** All are delivered. */
    ALL,
    /** The first is delivered, the others are dropped: {@code parallel_tool_calls: false}. */
    FIRST,
    /** None is delivered: {@code tool_choice: none}. */
    NONE,
    /** The first one's arguments are the answer's text. */
    AS_TEXT
  }

  private final Calls rule;
  private final Sink sink;
  private final Patience patience;
  private final Set<Integer> droppedBlocks = new HashSet<>();

  /** Text a model wrote beside the call that is to be the answer; shown only if none comes. */
  private final List<ModelEvent> asides = new ArrayList<>();

  private int calls;
  private boolean hasContent;
  private boolean isStopped;
  private boolean isEmpty;
  private boolean isCounted;

  /**
   * @param isStreamed whether the upstream shows the answer as it grows
   */
  public Answer(Calls rule, Sink sink, Deadline deadline, boolean isStreamed) {
    this.rule = rule;
    this.sink = sink;
    this.patience = new Patience(deadline, isStreamed);
  }

  @Override
  public Duration left() {
    return patience.left();
  }

  @Override
  public Fault outOfTime() {
    return patience.fault();
  }

  @Override
  public boolean accept(ModelEvent event) throws SinkClosed {
    deliver(event);
    // The time our own side takes is not the model's silence.
    patience.heard(event);
    return isStopped && isCounted;
  }

  private void deliver(ModelEvent event) throws SinkClosed {
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

  /** After a stop only the usage can be missing. */
  @Override
  public Ending end(Ending ofWire) {
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
    isEmpty = !hasContent && told.needsContent();
    if (!isEmpty) {
      sink.accept(new ModelEvent.Stopped(told));
    }
  }

  private void content(ModelEvent event) throws SinkClosed {
    hasContent = true;
    sink.accept(event);
  }
}
