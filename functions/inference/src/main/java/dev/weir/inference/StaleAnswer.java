package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.cache.Lookup;
import dev.weir.model.Fault;
import java.util.Optional;

/** When an expired answer is better than an error. */
final class StaleAnswer {

  private StaleAnswer() {}

  /** The expired answer, if the model allows one of its age and the fault is not the request's. */
  static Optional<ChatCompletion> of(ChatPlan plan, Fault fault, long nowMillis) {
    return plan.expired()
        .filter(kept -> isFresh(plan, kept, nowMillis) && isTargets(fault))
        .flatMap(kept -> ChatCompletionReader.read(kept.value()));
  }

  private static boolean isFresh(ChatPlan plan, Lookup.Hit kept, long nowMillis) {
    return nowMillis - kept.atMillis()
        < plan.model().cache().timeToLive().plus(plan.model().fallback().stale()).toMillis();
  }

  private static boolean isTargets(Fault fault) {
    return switch (fault.kind()) {
      case INVALID, REFUSED, CANCELLED -> false;
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
