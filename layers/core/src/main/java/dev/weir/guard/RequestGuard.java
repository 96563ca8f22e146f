package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;

/** Applies guards' local rules to a request before anything is looked up or spent. */
public final class RequestGuard {

  /** What becomes of a request. */
  public sealed interface Outcome {

    /** It goes on, as {@code body} now has it: itself where nothing was masked. */
    record Passed(JsonNode body) implements Outcome {}

    /** It stops here. */
    record Blocked(String set, String rule) implements Outcome {}

    /** A rule failed, and its set is closed. */
    record Failed(String set) implements Outcome {}
  }

  private RequestGuard() {}

  /** Applies each set in turn, and notes on the trail what they did. */
  public static Outcome apply(Guards guards, JsonNode body, GuardTrail trail) {
    JsonNode passed = body;
    for (GuardSet set : guards.sets()) {
      try {
        passed = RequestText.judged(passed, set, rule -> trail.masked(Direction.INPUT, rule));
      } catch (RequestText.Stop stop) {
        trail.blocked(Direction.INPUT, stop.rule());
        return new Outcome.Blocked(set.id(), stop.rule());
      } catch (RuntimeException | StackOverflowError e) {
        trail.failed(e.getClass().getSimpleName());
        if (set.onError() == OnError.CLOSED) {
          trail.unavailable(Direction.INPUT, set.id());
          return new Outcome.Failed(set.id());
        }
        trail.bypassed(Direction.INPUT, set.id());
      }
    }
    return new Outcome.Passed(passed);
  }
}
