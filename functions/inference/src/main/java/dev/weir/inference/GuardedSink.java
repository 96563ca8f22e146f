package dev.weir.inference;

import dev.weir.guard.GuardTrail;
import dev.weir.inference.GuardStage.End;
import dev.weir.inference.GuardStage.Step;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stands between a model and an answer, and lets through what the guards have judged. Text and
 * reasoning pass through windows; a tool call is judged whole, since half of one helps nobody. What
 * is blocked ends the answer there as {@code content_filter}, and the model is cancelled; one that
 * has stopped is only heard for its usage. One answer, one thread.
 */
final class GuardedSink implements ModelClient.Sink {

  private final ModelClient.Sink answer;
  private final OutputGuard guard;
  private final GuardTrail trail;
  private final GuardStage text;
  private final GuardStage reasoning;
  private final Map<Integer, Call> calls = new LinkedHashMap<>();
  private int textBlock;
  private int reasoningBlock;
  private Optional<End> end = Optional.empty();

  /** A tool call in the making. */
  private record Call(ModelEvent.ToolStarted started, StringBuilder arguments) {}

  GuardedSink(ModelClient.Sink answer, OutputGuard guard, GuardTrail trail) {
    this.answer = answer;
    this.guard = guard;
    this.trail = trail;
    this.text = guard.window();
    this.reasoning = guard.window();
  }

  @Override
  public void accept(ModelEvent event) throws ModelClient.SinkClosed {
    hear(event);
    if (end.isPresent()) {
      if (event instanceof ModelEvent.UsageReported) {
        answer.accept(event);
      }
      return;
    }
    judge(event);
    // After a stop only the usage is to come.
    if (end.isPresent() && !(event instanceof ModelEvent.Stopped)) {
      throw new ModelClient.SinkClosed(new IllegalStateException("a guard ended the answer"));
    }
  }

  /** How the answer ended, given how the model's did. */
  Ending end(Ending ofModel) {
    if (end.isEmpty()) {
      return ofModel;
    }
    return switch (end.get()) {
      case BLOCKED -> new Ending.Complete();
      case FAILED -> new Ending.Failed(Fault.of(Fault.Kind.GUARD_UNAVAILABLE, "GuardUnavailable"));
    };
  }

  private void hear(ModelEvent event) {
    switch (event) {
      case ModelEvent.TextDelta(_, String piece) -> trail.heard(piece);
      case ModelEvent.ReasoningDelta(_, String piece) -> trail.heard(piece);
      case ModelEvent.ToolStarted(_, _, String name) -> trail.heard(name);
      case ModelEvent.ToolDelta(_, String json) -> trail.heard(json);
      case ModelEvent.Started _,
          ModelEvent.BlockStopped _,
          ModelEvent.Stopped _,
          ModelEvent.UsageReported _ -> {}
    }
  }

  private void judge(ModelEvent event) throws ModelClient.SinkClosed {
    switch (event) {
      case ModelEvent.TextDelta(int block, String piece) -> {
        textBlock = block;
        text(text.take(piece, false));
      }
      case ModelEvent.ReasoningDelta(int block, String piece) -> {
        reasoningBlock = block;
        reasoning(reasoning.take(piece, false));
      }
      case ModelEvent.ToolStarted started ->
          calls.put(started.block(), new Call(started, new StringBuilder()));
      case ModelEvent.ToolDelta(int block, String json) ->
          Optional.ofNullable(calls.get(block)).ifPresent(call -> call.arguments().append(json));
      case ModelEvent.BlockStopped(int block) -> {
        call(block);
        if (end.isEmpty()) {
          answer.accept(event);
        }
      }
      case ModelEvent.Stopped _ -> stopped(event);
      case ModelEvent.Started _, ModelEvent.UsageReported _ -> answer.accept(event);
    }
  }

  private void stopped(ModelEvent event) throws ModelClient.SinkClosed {
    reasoning(reasoning.take("", true));
    if (end.isEmpty()) {
      text(text.take("", true));
    }
    for (int block : calls.keySet().stream().toList()) {
      if (end.isEmpty()) {
        call(block);
      }
    }
    if (end.isEmpty()) {
      answer.accept(event);
    }
  }

  private void text(Step step) throws ModelClient.SinkClosed {
    if (!step.text().isEmpty()) {
      answer.accept(new ModelEvent.TextDelta(textBlock, step.text()));
    }
    over(step.end());
  }

  private void reasoning(Step step) throws ModelClient.SinkClosed {
    if (!step.text().isEmpty()) {
      answer.accept(new ModelEvent.ReasoningDelta(reasoningBlock, step.text()));
    }
    over(step.end());
  }

  private void call(int block) throws ModelClient.SinkClosed {
    Call call = calls.remove(block);
    if (call == null) {
      return;
    }
    ModelEvent.ToolStarted made = call.started();
    // Together, since each look of a guardrail costs.
    Step head = guard.text(made.name() + "\n" + made.toolCallId());
    Step arguments = head.end().isPresent() ? head : guard.json(call.arguments().toString());
    if (arguments.end().isEmpty()) {
      answer.accept(judged(made, head.text()));
      if (!arguments.text().isEmpty()) {
        answer.accept(new ModelEvent.ToolDelta(block, arguments.text()));
      }
    }
    over(arguments.end());
  }

  /** The call by its masked name; an id of which something was masked is replaced, to be one. */
  private static ModelEvent judged(ModelEvent.ToolStarted made, String head) {
    int end = (head + "\n").indexOf('\n');
    boolean isSame = head.endsWith("\n" + made.toolCallId());
    String id = isSame ? made.toolCallId() : "call_" + made.block();
    return new ModelEvent.ToolStarted(made.block(), id, head.substring(0, end));
  }

  private void over(Optional<End> how) throws ModelClient.SinkClosed {
    end = how;
    if (how.filter(End.BLOCKED::equals).isPresent()) {
      answer.accept(new ModelEvent.Stopped(StopReason.GUARDRAIL_INTERVENED));
    }
  }
}
