package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.inference.Answer.Bill;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Target;
import dev.weir.stream.CompletionFold;
import dev.weir.tenant.EstimateMode;
import java.util.EnumSet;
import java.util.Set;

/** What a call to a model is charged. */
final class Billing {

  /** Faults that Bedrock raises before it runs a model, so that nothing was used. */
  private static final Set<Fault.Kind> UNUSED =
      EnumSet.of(
          Fault.Kind.THROTTLED,
          Fault.Kind.QUOTA_EXCEEDED,
          Fault.Kind.NOT_READY,
          Fault.Kind.UNAVAILABLE,
          Fault.Kind.INTERNAL,
          Fault.Kind.INVALID,
          Fault.Kind.ACCESS_DENIED,
          Fault.Kind.NOT_FOUND,
          Fault.Kind.REFUSED,
          Fault.Kind.CONNECTION);

  private final TokenEstimate estimate;

  Billing(TokenEstimate estimate) {
    this.estimate = estimate;
  }

  /**
   * What is charged: what the model reported; nothing where it never ran; else a bound made of the
   * prompt's bound and what had been said: every answer is asked for as a stream, so it is heard.
   */
  Bill attempt(
      ChatPlan plan,
      Target target,
      long promptTokens,
      CompletionFold fold,
      Ending ending,
      String heard) {
    if (fold.usage().isPresent()) {
      Usage usage = fold.usage().get();
      return new Bill(usage, target.price().of(usage), false);
    }
    if (isUnused(ending) && !fold.hasContent() && heard.isEmpty()) {
      return new Bill(Usage.ZERO, Cost.ZERO, false);
    }
    long spoken = Math.max(said(fold), estimate.text(heard, EstimateMode.TOKENS));
    Usage usage = Usage.of(promptTokens, Math.min(plan.maxTokens(), spoken));
    return new Bill(usage, target.price().of(usage), true);
  }

  /** Whether a call ended before a model ran, going by how it ended. */
  static boolean isUnused(Ending ending) {
    return ending instanceof Ending.Failed(Fault fault) && isUnused(fault);
  }

  /** Whether Bedrock raises this before it runs a model. */
  static boolean isUnused(Fault fault) {
    return UNUSED.contains(fault.kind());
  }

  /** What a call is charged: every attempt, and what the guards and the knowledge base cost. */
  static Bill call(Visit visit, Hops hops) {
    Bill asked = hops.bill();
    return new Bill(
        asked.usage(),
        asked.cost().plus(visit.guard().cost()).plus(visit.retrieval().cost()),
        asked.isEstimated());
  }

  private long said(CompletionFold fold) {
    ChatCompletion completion = fold.completion();
    long tokens =
        estimate.text(completion.text(), EstimateMode.TOKENS)
            + estimate.text(completion.reasoning(), EstimateMode.TOKENS);
    for (ChatRequest.ToolCall call : completion.toolCalls()) {
      tokens += estimate.text(call.name() + call.arguments(), EstimateMode.TOKENS);
    }
    return tokens;
  }
}
