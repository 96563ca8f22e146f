package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.cache.Lookup;
import dev.weir.door.Problem;
import dev.weir.guard.Guards;
import dev.weir.ledger.Cost;
import dev.weir.route.Model;
import java.util.Optional;

/**
 * How one request will be answered, decided before anything is spent.
 *
 * @param request as the local guards have left it
 * @param maxTokens the output cap sent upstream, which is also what is reserved
 * @param ownTokens upper bound of the prompt without what is retrieved
 * @param room how many attempts that ran for nothing are reserved besides the answer
 * @param expired an answer the cache no longer vouches for
 * @param cacheable whether the answer may come from, and go to, the cache
 * @param tenantGuard the tenant's own guard set, as known when this was planned
 * @param retrieval where its passages are looked for
 * @param original as the client sent it
 */
record ChatPlan(
    ChatRequest request,
    Model model,
    long maxTokens,
    long ownTokens,
    int room,
    Optional<Lookup.Hit> expired,
    boolean cacheable,
    Guards guards,
    Optional<String> tenantGuard,
    PlannedRetrieval retrieval,
    ChatRequest original) {

  /** The same with room for the answer alone. */
  ChatPlan withoutRoom() {
    return new ChatPlan(
        request,
        model,
        maxTokens,
        ownTokens,
        0,
        expired,
        cacheable,
        guards,
        tenantGuard,
        retrieval,
        original);
  }

  /** The same beside an expired answer. */
  ChatPlan beside(Optional<Lookup.Hit> kept) {
    return new ChatPlan(
        request,
        model,
        maxTokens,
        ownTokens,
        room,
        kept,
        cacheable,
        guards,
        tenantGuard,
        retrieval,
        original);
  }

  /** The same, answered without its knowledge base. */
  ChatPlan withoutRetrieval(String reason) {
    return new ChatPlan(
        request,
        model,
        maxTokens,
        ownTokens,
        room,
        expired,
        cacheable,
        guards,
        tenantGuard,
        retrieval.without(reason),
        original);
  }

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(ChatPlan plan) implements Planned {}

    record Not(Problem problem) implements Planned {}
  }

  /** The same with a request that the Bedrock guardrail has masked. */
  ChatPlan with(ChatRequest masked) {
    return new ChatPlan(
        masked,
        model,
        maxTokens,
        ownTokens,
        room,
        expired,
        cacheable,
        guards,
        tenantGuard,
        retrieval,
        original);
  }

  /** Upper bound of the prompt, with what is retrieved. */
  long promptTokens() {
    return ownTokens + retrieval.tokens();
  }

  /** Prompt and completion at most: what a tokens-per-minute limit reserves. */
  long tokens() {
    return promptTokens() + maxTokens + room * promptTokens();
  }

  /** What a budget reserves. */
  Cost reserved() {
    if (room == 0) {
      return model.price().bound(promptTokens(), maxTokens).plus(beside());
    }
    long answer = dearest(maxTokens);
    return new Cost(Math.addExact(answer, Math.multiplyExact(room, dearest(0)))).plus(beside());
  }

  private Cost beside() {
    return guardBound().plus(retrieval.cost());
  }

  /** The most the Bedrock guardrail may cost; part of what is reserved. */
  Cost guardBound() {
    return RemoteGuard.bound(guards, original, retrieval.tokens(), maxTokens);
  }

  private long dearest(long outputTokens) {
    return model.chain().stream()
        .mapToLong(target -> target.price().bound(promptTokens(), outputTokens).picoUsd())
        .max()
        .orElseThrow();
  }
}
