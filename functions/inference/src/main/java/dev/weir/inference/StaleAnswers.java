package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.cache.Lookup;
import dev.weir.idempotency.Claim;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import java.time.InstantSource;
import java.util.Optional;

/** The last step before an error: an answer that was good a while ago. */
final class StaleAnswers {

  private final Answers answers;
  private final InstantSource clock;

  StaleAnswers(Answers answers, InstantSource clock) {
    this.answers = answers;
    this.clock = clock;
  }

  /**
   * Serves one if nothing has left yet, the model allows one of its age and the fault is not the
   * request's.
   *
   * @param bill what the attempts and the guards cost
   * @return whether it did
   */
  boolean serve(Attempts.Asked asked, Ending ending, Answer.Bill bill) {
    if (!(ending instanceof Ending.Failed(Fault fault))
        || asked.answer().hasLeft()
        || !isTargets(fault)) {
      return false;
    }
    ChatPlan plan = asked.plan();
    Optional<Lookup.Hit> kept = plan.expired().filter(found -> isGoodEnough(plan, found));
    Optional<ChatCompletion> stale =
        kept.flatMap(found -> ChatCompletionReader.read(found.value()));
    if (kept.isEmpty() || stale.isEmpty()) {
      return false;
    }
    asked.hops().staleServed();
    // It is not what an idempotency key stands for: asked again, the model has another chance.
    asked.visit().claim().ifPresent(Claim::release);
    answers.replayOrLose(
        asked.visit(),
        plan,
        stale.get().under(Answers.head(asked.visit(), plan)),
        AnswerHeaders.stale(asked, ageMillis(kept.get()), bill));
    return true;
  }

  private boolean isGoodEnough(ChatPlan plan, Lookup.Hit kept) {
    return ageMillis(kept)
        < plan.model().cache().timeToLive().plus(plan.model().fallback().stale()).toMillis();
  }

  private long ageMillis(Lookup.Hit kept) {
    return clock.millis() - kept.atMillis();
  }

  /** Whether a fault is a target's, and not the request's or the client's. */
  static boolean isTargets(Fault fault) {
    return switch (fault.kind()) {
      case INVALID,
          REFUSED,
          CANCELLED,
          SWITCHED_OFF,
          GUARD_UNAVAILABLE,
          SESSION_CONFLICT,
          NOT_KEPT ->
          false;
      case THROTTLED,
          QUOTA_EXCEEDED,
          NOT_READY,
          UNAVAILABLE,
          INTERNAL,
          MODEL_TIMEOUT,
          MODEL_ERROR,
          ACCESS_DENIED,
          NOT_FOUND,
          CONNECTION,
          RESET,
          STALLED,
          DEADLINE,
          CUT,
          EMPTY,
          INVALID_OUTPUT ->
          true;
    };
  }
}
