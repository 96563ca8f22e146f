package dev.weir.inference;

import dev.weir.guard.Direction;
import dev.weir.guard.GuardSet;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.OnError;
import dev.weir.guard.TextWindow;
import dev.weir.guard.Verdict;
import java.util.Set;

/** A guard set's local rules over one text of an answer. */
final class LocalStage implements GuardStage {

  private final GuardSet set;
  private final GuardTrail trail;
  private final TextWindow window;

  LocalStage(GuardSet set, GuardTrail trail) {
    this.set = set;
    this.trail = trail;
    this.window = set.window();
  }

  @Override
  public Step take(String piece, boolean isLast) {
    try {
      Step step = piece.isEmpty() ? Step.on("") : step(window.push(piece));
      if (!isLast || step.end().isPresent()) {
        return step;
      }
      Step rest = step(window.finish());
      return new Step(step.text() + rest.text(), rest.end());
    } catch (RuntimeException | StackOverflowError e) {
      trail.failed(e.getClass().getSimpleName());
      if (set.onError() == OnError.CLOSED) {
        trail.unavailable(Direction.OUTPUT, set.id());
        return Step.end("", End.FAILED);
      }
      trail.bypassed(Direction.OUTPUT, set.id());
      return Step.on(window.release());
    }
  }

  private Step step(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allowed(String text) -> Step.on(text);
      case Verdict.Masked(String text, Set<String> rules) -> {
        rules.forEach(rule -> trail.masked(Direction.OUTPUT, rule));
        yield Step.on(text);
      }
      case Verdict.Blocked(String text, String rule) -> {
        trail.blocked(Direction.OUTPUT, rule);
        yield Step.end(text, End.BLOCKED);
      }
    };
  }
}
