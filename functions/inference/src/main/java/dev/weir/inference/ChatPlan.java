package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.door.Problem;
import dev.weir.ledger.Cost;
import dev.weir.route.Model;

/**
 * How one request will be answered, decided before anything is spent.
 *
 * @param maxTokens the output cap sent upstream, which is also what is reserved
 * @param promptTokens upper bound of the prompt
 * @param bound upper bound of the cost
 * @param cacheable whether the answer may come from, and go to, the cache
 */
record ChatPlan(
    ChatRequest request,
    Model model,
    long maxTokens,
    long promptTokens,
    Cost bound,
    boolean cacheable) {

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(ChatPlan plan) implements Planned {}

    record Not(Problem problem) implements Planned {}
  }

  /** Prompt and completion at most: what a tokens-per-minute limit reserves. */
  long tokens() {
    return promptTokens + maxTokens;
  }
}
