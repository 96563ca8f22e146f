package dev.weir.inference;

import dev.weir.door.Problem;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardSet;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.Guards;
import dev.weir.guard.OnError;
import dev.weir.guard.Verdict;
import java.util.Optional;
import java.util.Set;

/**
 * Applies guards' local rules to the body of an invocation where it is text or JSON. Any other body
 * is opaque and passes as it is, as do replies ({@code docs/sagemaker.md}).
 */
final class BodyGuard {

  /** What becomes of a body. */
  sealed interface Outcome {

    /** It goes on, masked where need be. */
    @SuppressWarnings("ArrayRecordComponent") // a body on its way, never compared
    record Passed(byte[] body) implements Outcome {}

    record Not(Problem problem) implements Outcome {}
  }

  private BodyGuard() {}

  static Outcome apply(EndpointPlan plan, byte[] body, GuardTrail trail) {
    trail.begin(plan.guards());
    boolean isJudged = plan.guards().sets().stream().anyMatch(GuardSet::looksAtInput);
    return switch (BodyText.of(plan.contentType())) {
      case BodyText.Kind.Opaque _ -> new Outcome.Passed(body);
      case BodyText.Kind.Unreadable _ when isJudged -> new Outcome.Not(Problem.unreadableCharset());
      case BodyText.Kind.Unreadable _ -> new Outcome.Passed(body);
      case BodyText.Kind.Text(BodyText text) -> judged(plan.guards(), text, body, trail);
    };
  }

  private static Outcome judged(Guards guards, BodyText kind, byte[] body, GuardTrail trail) {
    String text = kind.read(body);
    for (GuardSet set : guards.sets()) {
      try {
        Verdict verdict = judge(set, kind, text);
        if (verdict instanceof Verdict.Blocked(_, String rule)) {
          trail.blocked(Direction.INPUT, rule);
          return new Outcome.Not(Problem.blockedBody(set.id(), rule));
        }
        if (verdict instanceof Verdict.Masked(String masked, var rules)) {
          rules.forEach(rule -> trail.masked(Direction.INPUT, rule));
          text = masked;
        }
      } catch (RuntimeException | StackOverflowError e) {
        trail.failed(e.getClass().getSimpleName());
        if (set.onError() == OnError.CLOSED) {
          trail.unavailable(Direction.INPUT, set.id());
          return new Outcome.Not(Problem.guardUnavailable());
        }
        trail.bypassed(Direction.INPUT, set.id());
      }
    }
    return new Outcome.Passed(trail.isMasked() ? kind.write(text) : body);
  }

  /** What cannot be masked where the charset is heeded is blocked. */
  private static Verdict judge(GuardSet set, BodyText kind, String text) {
    Verdict heeded = one(set, kind, text);
    Optional<String> unheeded = kind.unheeded(heeded.text());
    if (heeded instanceof Verdict.Blocked || unheeded.isEmpty()) {
      return heeded;
    }
    return switch (one(set, kind, unheeded.get())) {
      case Verdict.Allowed _ -> heeded;
      case Verdict.Masked(_, Set<String> rules) -> new Verdict.Blocked("", rules.iterator().next());
      case Verdict.Blocked blocked -> blocked;
    };
  }

  private static Verdict one(GuardSet set, BodyText kind, String text) {
    return kind.isJson() ? set.judgeJson(Direction.INPUT, text) : set.judge(Direction.INPUT, text);
  }
}
