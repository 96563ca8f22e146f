package dev.weir.inference.upstream;

import dev.weir.model.Fault;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import java.time.Duration;

/**
 * How long one answer may still be silent. Only content ends the wait for the first content;
 * afterwards every event renews the idle time. The whole request's deadline stands above both, and
 * alone over a buffered answer, which is silent until it is complete.
 */
final class Patience {
  private final Deadline deadline;
  private final boolean isStreamed;
  private boolean hasContent;
  private long since = System.nanoTime();

  Patience(Deadline deadline, boolean isStreamed) {
    this.deadline = deadline;
    this.isStreamed = isStreamed;
  }

  /** Time left, zero or less when it is over. */
  Duration left() {
    if (!isStreamed) {
      return deadline.remaining();
    }
    Duration ofSilence =
        (hasContent ? deadline.idle() : deadline.firstContent())
            .minusNanos(System.nanoTime() - since);
    Duration ofRequest = deadline.remaining();
    return ofSilence.compareTo(ofRequest) < 0 ? ofSilence : ofRequest;
  }

  void heard(ModelEvent event) {
    boolean isContent =
        switch (event) {
          case ModelEvent.Started _, ModelEvent.BlockStopped _ -> false;
          case ModelEvent.TextDelta _,
              ModelEvent.ReasoningDelta _,
              ModelEvent.ToolStarted _,
              ModelEvent.ToolDelta _,
              ModelEvent.Stopped _,
              ModelEvent.UsageReported _ ->
              true;
        };
    hasContent |= isContent;
    if (hasContent) {
      since = System.nanoTime();
    }
  }

  /** The fault that running out of patience is. */
  Fault fault() {
    if (deadline.isOver()) {
      return Fault.of(Fault.Kind.DEADLINE, "RequestDeadline");
    }
    return Fault.of(Fault.Kind.STALLED, hasContent ? "Idle" : "FirstContent");
  }
}
