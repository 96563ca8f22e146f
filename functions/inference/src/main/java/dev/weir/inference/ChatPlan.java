package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.cache.Lookup;
import dev.weir.door.Problem;
import dev.weir.ledger.Cost;
import dev.weir.route.Model;
import java.util.Optional;

/**
 * How one request will be answered, decided before anything is spent.
 *
 * @param maxTokens the output cap sent upstream, which is also what is reserved
 * @param promptTokens upper bound of the prompt
 * @param bound upper bound of the cost
 * @param room how many attempts that ran for nothing are reserved besides the answer
 * @param expired an answer the cache no longer vouches for
 * @param cacheable whether the answer may come from, and go to, the cache
 */
record ChatPlan(
    ChatRequest request,
    Model model,
    long maxTokens,
    long promptTokens,
    Cost bound,
    int room,
    Optional<Lookup.Hit> expired,
    boolean cacheable) {

  /** The same with room for the answer alone. */
  ChatPlan withoutRoom() {
    return new ChatPlan(request, model, maxTokens, promptTokens, bound, 0, expired, cacheable);
  }

  /** The same beside an expired answer. */
  ChatPlan beside(Optional<Lookup.Hit> kept) {
    return new ChatPlan(request, model, maxTokens, promptTokens, bound, room, kept, cacheable);
  }

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(ChatPlan plan) implements Planned {}

    record Not(Problem problem) implements Planned {}
  }

  /** Prompt and completion at most: what a tokens-per-minute limit reserves. */
  long tokens() {
    return promptTokens + maxTokens + room * promptTokens;
  }

  /** What a budget reserves. */
  Cost reserved() {
    if (room == 0) {
      return bound;
    }
    long answer = dearest(maxTokens);
    return new Cost(Math.addExact(answer, Math.multiplyExact(room, dearest(0))));
  }

  private long dearest(long outputTokens) {
    return model.chain().stream()
        .mapToLong(target -> target.price().bound(promptTokens, outputTokens).picoUsd())
        .max()
        .orElseThrow();
  }
}
