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
 * @param cascade how the model's cascade is gone through, if it has one
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
    ChatRequest original,
    Optional<CascadePlan> cascade) {

  /** Whether anything but the answer itself is reserved for. */
  boolean hasRoom() {
    return room > 0 || cascade.filter(plan -> plan.answers() > 0).isPresent();
  }

  /** The same with room for the model's answer alone. */
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
        original,
        cascade.map(CascadePlan::withoutRoom));
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
        original,
        cascade);
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
        original,
        cascade);
  }

  /** A plan, or why there is none. */
  sealed interface Planned {
    record Ready(ChatPlan plan) implements Planned {}

    /**
     * There is none.
     *
     * @param model of the catalog, where one was found
     */
    record Not(Optional<String> model, Problem problem) implements Planned {
      Not(Problem problem) {
        this(Optional.empty(), problem);
      }
    }
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
        original,
        cascade);
  }

  /**
   * One of several askings of this call.
   *
   * @param asked the model that is asked
   * @param question what it is asked
   * @param tokens upper bound of that prompt
   * @param cap of its answer
   * @param judges what looks at its answer
   */
  ChatPlan hop(Model asked, ChatRequest question, long tokens, long cap, Guards judges) {
    return new ChatPlan(
        question,
        asked,
        cap,
        tokens - retrieval.tokens(),
        0,
        expired,
        cacheable,
        judges,
        tenantGuard,
        retrieval,
        original,
        cascade);
  }

  /** What makes two answers to one request different ones, beside the request. */
  String variant() {
    return guards.versions() + cascadeVariant();
  }

  /** What was chosen of its cascade; empty without one. */
  String cascadeVariant() {
    return cascade.map(CascadePlan::variant).orElse("");
  }

  /** Upper bound of the prompt, with what is retrieved. */
  long promptTokens() {
    return ownTokens + retrieval.tokens();
  }

  /** Prompt and completion at most: what a tokens-per-minute limit reserves. */
  long tokens() {
    long beside = cascade.map(plan -> plan.tokens(promptTokens(), maxTokens)).orElse(0L);
    return promptTokens() + maxTokens + room * promptTokens() + beside;
  }

  /** What a budget reserves. */
  Cost reserved() {
    Cost answer =
        room == 0
            ? model.price().bound(promptTokens(), maxTokens)
            : new Cost(Math.addExact(dearest(maxTokens), Math.multiplyExact(room, dearest(0))));
    return answer
        .plus(cascade.map(plan -> plan.bound(promptTokens(), maxTokens)).orElse(Cost.ZERO))
        .plus(beside());
  }

  private Cost beside() {
    return guardBound().plus(retrieval.cost());
  }

  /** The most the Bedrock guardrail may cost; part of what is reserved. */
  Cost guardBound() {
    long answers = 1 + cascade.map(CascadePlan::answers).orElse(0L);
    Cost each = RemoteGuard.bound(guards, original, retrieval.tokens(), maxTokens);
    return new Cost(Math.multiplyExact(answers, each.picoUsd()));
  }

  private long dearest(long outputTokens) {
    return model.chain().stream()
        .mapToLong(target -> target.price().bound(promptTokens(), outputTokens).picoUsd())
        .max()
        .orElseThrow();
  }
}
