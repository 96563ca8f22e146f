package dev.weir.inference;

import dev.weir.api.ChatRequest;
import dev.weir.ledger.Cost;
import dev.weir.retrieval.Grounding;
import dev.weir.retrieval.KnowledgeBase;
import dev.weir.route.Model;
import java.util.Optional;

/** Whether and where a request's passages are looked for. */
sealed interface PlannedRetrieval {

  /** Nowhere: the model has no knowledge base, or nothing was asked in words. */
  record None() implements PlannedRetrieval {}

  /** Nowhere, though the model has one. */
  record Skipped(KnowledgeBase base, String reason) implements PlannedRetrieval {}

  record From(KnowledgeBase base, String question) implements PlannedRetrieval {}

  static PlannedRetrieval of(Model model, ChatRequest request) {
    Optional<String> question = model.retrieval().flatMap(_ -> Grounding.question(request.body()));
    return question
        .<PlannedRetrieval>map(asked -> new From(model.retrieval().orElseThrow(), asked))
        .orElseGet(None::new);
  }

  /** The same question, answered without; as it is where it may not be. */
  default PlannedRetrieval without(String reason) {
    return this instanceof From(KnowledgeBase base, _) && !base.isRequired()
        ? new Skipped(base, reason)
        : this;
  }

  /** The most it adds to the prompt. */
  default long tokens() {
    return this instanceof From(KnowledgeBase base, _) ? base.maxTokens() : 0;
  }

  /** The most it costs beside the prompt. */
  default Cost cost() {
    return this instanceof From(KnowledgeBase base, _) ? base.perQuery() : Cost.ZERO;
  }
}
