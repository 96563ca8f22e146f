package dev.weir.inference;

import dev.weir.door.Problem;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardSet;
import dev.weir.guard.GuardTrail;
import dev.weir.guard.OnError;
import dev.weir.guard.Verdict;
import java.nio.charset.StandardCharsets;

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
    MediaType type = MediaType.of(plan.contentType());
    if (type == MediaType.OPAQUE) {
      return new Outcome.Passed(body);
    }
    String text = new String(body, StandardCharsets.UTF_8);
    for (GuardSet set : plan.guards().sets()) {
      try {
        Verdict verdict =
            type == MediaType.JSON
                ? set.judgeJson(Direction.INPUT, text)
                : set.judge(Direction.INPUT, text);
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
    return new Outcome.Passed(trail.isMasked() ? text.getBytes(StandardCharsets.UTF_8) : body);
  }
}
