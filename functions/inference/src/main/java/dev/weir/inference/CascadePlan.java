package dev.weir.inference;

import dev.weir.ledger.Cost;
import dev.weir.route.Cascade;
import dev.weir.route.Score;
import dev.weir.route.SelfConsistency;
import dev.weir.route.Signal;
import dev.weir.route.Tier;
import java.util.List;
import java.util.Optional;

/**
 * How one request goes through its model's cascade, as far as the request itself decides.
 *
 * @param escalation why the large model is asked at once; empty where the small one is first
 * @param tier what the client asked for, where the cascade hears it
 */
record CascadePlan(Cascade cascade, Optional<String> escalation, Optional<Tier> tier) {

  static CascadePlan of(Cascade cascade, Signal.Question question) {
    return new CascadePlan(
        cascade, cascade.escalation(question), question.tier().filter(_ -> cascade.hearsClient()));
  }

  /** The same where only the large model is reserved for. */
  CascadePlan withoutRoom() {
    return new CascadePlan(cascade, escalation.or(() -> Optional.of("no-room")), tier);
  }

  /** Whether the small model's answer stands, whatever the signals would say of it. */
  boolean isForced() {
    return tier.filter(Tier.SMALL::equals).isPresent();
  }

  /** What is asked again to find out whether the small answer stands. */
  List<Signal.Asking> asking() {
    return isForced() ? List.of() : cascade.asking();
  }

  /** What makes the answer another one. */
  String variant() {
    return "|cascade:"
        + cascade.small().target()
        + tier.map(chosen -> ":" + chosen.text()).orElse("");
  }

  /** Answers that are generated beside the large model's, grades not counted. */
  long answers() {
    if (escalation.isPresent()) {
      return 0;
    }
    long answers = 1;
    for (Signal.Asking signal : asking()) {
      answers += signal instanceof SelfConsistency(int samples, double _) ? samples - 1 : 0;
    }
    return answers;
  }

  /** The most tokens asked for beside the large model. */
  long tokens(long promptTokens, long maxTokens) {
    long grade = scorePrompt(promptTokens, maxTokens) + Score.MAX_TOKENS;
    return answers() * (promptTokens + maxTokens) + scores().size() * grade;
  }

  /** The most they may cost. */
  Cost bound(long promptTokens, long maxTokens) {
    long answer = cascade.small().price().bound(promptTokens, maxTokens).picoUsd();
    Cost bound = new Cost(Math.multiplyExact(answers(), answer));
    for (Score score : scores()) {
      bound =
          bound.plus(
              score.scorer().price().bound(scorePrompt(promptTokens, maxTokens), Score.MAX_TOKENS));
    }
    return bound;
  }

  /** A grader reads the conversation and the answer. */
  static long scorePrompt(long promptTokens, long maxTokens) {
    return promptTokens + maxTokens + Score.RULE_TOKENS;
  }

  private List<Score> scores() {
    return escalation.isPresent()
        ? List.of()
        : asking().stream().filter(Score.class::isInstance).map(Score.class::cast).toList();
  }
}
