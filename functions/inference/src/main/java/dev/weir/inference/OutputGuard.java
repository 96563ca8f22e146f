package dev.weir.inference;

import dev.weir.guard.Direction;
import dev.weir.guard.GuardSet;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guards;
import dev.weir.guard.JsonText;
import dev.weir.guard.Masks;
import dev.weir.guard.OnError;
import dev.weir.guard.Verdict;
import dev.weir.inference.GuardStage.End;
import dev.weir.inference.GuardStage.Step;
import dev.weir.inference.RemoteGuard.Judged;
import dev.weir.route.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The guards of one answer: what each of its texts goes through. */
final class OutputGuard {

  private final Guards guards;
  private final GuardTrail trail;
  private final RemoteGuard remote;
  private final Deadline deadline;

  OutputGuard(Guards guards, GuardTrail trail, RemoteGuard remote, Deadline deadline) {
    this.guards = guards;
    this.trail = trail;
    this.remote = remote;
    this.deadline = deadline;
  }

  /** A window over one text: every set's local rules, then the Bedrock guardrail. */
  GuardStage window() {
    List<GuardStage> stages = new ArrayList<>();
    for (GuardSet set : guards.sets()) {
      if (set.looksAtOutput()) {
        stages.add(new LocalStage(set, trail));
      }
    }
    if (guards.bedrock(Direction.OUTPUT).isPresent()) {
      stages.add(new RemoteStage(this::show, guards.windowCharacters()));
    }
    return (piece, isLast) -> through(stages, piece, isLast);
  }

  private static Step through(List<GuardStage> stages, String piece, boolean isLast) {
    Step step = Step.on(piece);
    for (GuardStage stage : stages) {
      Optional<End> before = step.end();
      Step next = stage.take(step.text(), isLast || before.isPresent());
      step = new Step(next.text(), before.or(next::end));
    }
    return step;
  }

  /** Judges a whole text. */
  Step text(String text) {
    return window().take(text, true);
  }

  /** Judges a tool call's arguments by what their JSON says. */
  Step json(String json) {
    String passed = json;
    for (GuardSet set : guards.sets()) {
      Step step = local(set, passed);
      if (step.end().isPresent()) {
        return step;
      }
      passed = step.text();
    }
    if (guards.bedrock(Direction.OUTPUT).isEmpty() || passed.isBlank()) {
      return Step.on(passed);
    }
    return switch (show(JsonText.plain(passed))) {
      case Judged.Passed(Masks masks) -> masked(passed, masks);
      case Judged.Blocked _ -> Step.end("", End.BLOCKED);
      case Judged.Failed _ -> Step.end("", End.FAILED);
    };
  }

  private Step masked(String json, Masks masks) {
    Verdict verdict = JsonText.judge(json, masks::judge);
    if (verdict instanceof Verdict.Blocked) {
      trail.blocked(Direction.OUTPUT, "bedrock");
      return Step.end("", End.BLOCKED);
    }
    return Step.on(verdict.text());
  }

  private Step local(GuardSet set, String json) {
    Verdict verdict;
    try {
      verdict = set.judgeJson(Direction.OUTPUT, json);
    } catch (RuntimeException | StackOverflowError e) {
      trail.failed(e.getClass().getSimpleName());
      if (set.onError() == OnError.CLOSED) {
        trail.unavailable(Direction.OUTPUT, set.id());
        return Step.end("", End.FAILED);
      }
      trail.bypassed(Direction.OUTPUT, set.id());
      return Step.on(json);
    }
    return switch (verdict) {
      case Verdict.Allowed(String text) -> Step.on(text);
      case Verdict.Masked(String text, Set<String> rules) -> {
        rules.forEach(rule -> trail.masked(Direction.OUTPUT, rule));
        yield Step.on(text);
      }
      case Verdict.Blocked(_, String rule) -> {
        trail.blocked(Direction.OUTPUT, rule);
        yield Step.end("", End.BLOCKED);
      }
    };
  }

  private Judged show(String text) {
    return remote.judge(Direction.OUTPUT, List.of(text), guards, trail, deadline);
  }
}
