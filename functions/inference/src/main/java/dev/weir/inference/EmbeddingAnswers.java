package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.api.EmbeddingListWriter;
import dev.weir.cache.EmbeddingCache;
import dev.weir.cache.EmbeddingKey;
import dev.weir.door.Problem;
import dev.weir.guard.Masks;
import dev.weir.inference.EmbeddingAttempts.Answered;
import dev.weir.inference.EmbeddingPlan.Input;
import dev.weir.ledger.Usage;
import dev.weir.model.Embedding;
import dev.weir.model.Fault;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers with vectors: those that are kept, and the model's for the rest, which alone is paid.
 * Nothing reaches a model without a reservation, and every reservation is settled here.
 */
final class EmbeddingAnswers {

  private final Tools tools;

  /** What it works with. */
  record Tools(
      Reservations reservations,
      Refusals refusals,
      EmbeddingCache cache,
      RemoteGuard guardrail,
      EmbeddingAttempts attempts,
      EmbeddingBooks books) {}

  EmbeddingAnswers(Tools tools) {
    this.tools = tools;
  }

  /** Serves a request, unless a limit refuses or the plan's guards turn out to have changed. */
  Outcome serve(Visit visit, EmbeddingPlan plan) throws IOException {
    Map<EmbeddingKey, Embedding> kept =
        plan.cacheable() ? tools.cache().read(plan.inputs().keySet()) : Map.of();
    Map<EmbeddingKey, Input> misses = plan.without(kept.keySet());
    return misses.isEmpty()
        ? serveKept(visit, plan, Kept.CACHE, plan.keys().stream().map(kept::get).toList())
        : pay(visit, plan, kept, misses);
  }

  /** Serves vectors that are all there: counted as a request, not billed. */
  Outcome serveKept(Visit visit, EmbeddingPlan plan, Kept from, List<Embedding> embeddings)
      throws IOException {
    Decision decision = tools.reservations().forKept(visit, plan.model().id());
    if (decision instanceof Decision.Rejected rejected
        && rejected.dimension() != Dimension.UNAVAILABLE) {
      tools.refusals().refuse(visit, plan.model().id(), rejected);
      return Outcome.DONE;
    }
    if (tools.reservations().hasOtherGuard(visit, plan.tenantGuard())) {
      return Outcome.GUARD_CHANGED;
    }
    Map<String, String> headers = AnswerHeaders.limits(decision.headroom());
    headers.put(from.header(), from.value());
    if (from == Kept.CACHE) {
      headers.put("x-weir-model", plan.model().target());
      headers.put(AnswerHeaders.GUARD, visit.guard().verdict());
    }
    headers.put(AnswerHeaders.COST, "0");
    try {
      send(visit, plan, headers, embeddings);
    } finally {
      tools.books().kept(visit, plan, from, embeddings);
    }
    return Outcome.DONE;
  }

  private Outcome pay(
      Visit visit,
      EmbeddingPlan plan,
      Map<EmbeddingKey, Embedding> kept,
      Map<EmbeddingKey, Input> misses)
      throws IOException {
    Decision decision =
        tools
            .reservations()
            .forAnswer(visit, plan.model().id(), EmbeddingPlan.tokens(misses), plan.bound(misses));
    switch (decision) {
      case Decision.Rejected rejected ->
          tools.refusals().refuse(visit, plan.model().id(), rejected);
      case Decision.Admitted admitted
          when tools.reservations().hasOtherGuard(visit, plan.tenantGuard()) -> {
        tools.reservations().giveBack(admitted.reservation());
        return Outcome.GUARD_CHANGED;
      }
      case Decision.Admitted admitted -> screen(visit, plan, kept, misses, admitted);
    }
    return Outcome.DONE;
  }

  /** Shows the Bedrock guardrail what has not been shown to it when it was kept. */
  private void screen(
      Visit visit,
      EmbeddingPlan plan,
      Map<EmbeddingKey, Embedding> kept,
      Map<EmbeddingKey, Input> misses,
      Decision.Admitted admitted)
      throws IOException {
    visit.guard().admitted();
    List<String> texts = misses.values().stream().map(Input::text).toList();
    switch (tools
        .guardrail()
        .screen(texts, "input", plan.guards(), visit.guard(), visit.deadline())) {
      case RemoteGuard.Screened.Passed(Masks masks) ->
          answer(visit, plan, kept, masked(misses, masks), admitted);
      case RemoteGuard.Screened.Not(Problem problem, String outcome) -> {
        try {
          visit.exchange().problem(problem, AnswerHeaders.stopped(visit, admitted.headroom()));
        } finally {
          tools.books().stopped(visit, plan, admitted.reservation(), outcome);
        }
      }
    }
  }

  private static Map<EmbeddingKey, Input> masked(Map<EmbeddingKey, Input> misses, Masks masks) {
    Map<EmbeddingKey, Input> masked = new LinkedHashMap<>();
    misses.forEach(
        (key, input) -> masked.put(key, new Input(masks.apply(input.text()), input.tokens())));
    return masked;
  }

  private void answer(
      Visit visit,
      EmbeddingPlan plan,
      Map<EmbeddingKey, Embedding> kept,
      Map<EmbeddingKey, Input> misses,
      Decision.Admitted admitted)
      throws IOException {
    Answered answered =
        new Answered(
            Map.of(),
            Optional.of(Fault.of(Fault.Kind.INTERNAL, "the gateway failed")),
            EmbeddingPlan.tokens(misses),
            true,
            0);
    try {
      answered =
          tools.attempts().ask(visit.switches(), visit.deadline(), Batches.Lane.of(plan), misses);
      deliver(visit, plan, kept, answered, admitted);
    } finally {
      try {
        keep(visit, plan, answered);
      } finally {
        tools.books().asked(visit, plan, kept, answered, admitted.reservation());
      }
    }
  }

  /** What the guardrail has masked is not what the key stands for. */
  private void keep(Visit visit, EmbeddingPlan plan, Answered answered) {
    if (plan.cacheable() && visit.guard().isClean() && !answered.vectors().isEmpty()) {
      tools.cache().fill(answered.vectors(), plan.model().timeToLive());
    }
  }

  private void deliver(
      Visit visit,
      EmbeddingPlan plan,
      Map<EmbeddingKey, Embedding> kept,
      Answered answered,
      Decision.Admitted admitted)
      throws IOException {
    Map<String, String> headers = AnswerHeaders.limits(admitted.headroom());
    headers.put("x-weir-model", plan.model().target());
    headers.put("x-weir-cache", cacheState(plan, kept));
    headers.put("x-weir-attempts", Integer.toString(answered.attempts()));
    headers.put(
        AnswerHeaders.COST,
        Long.toString(EmbeddingBooks.bill(visit, plan, answered).cost().microUsd()));
    headers.put(AnswerHeaders.GUARD, visit.guard().verdict());
    if (answered.fault().isPresent()) {
      visit.exchange().problem(Problem.of(answered.fault().get()), headers);
      return;
    }
    send(visit, plan, headers, all(plan, kept, answered));
  }

  private static String cacheState(EmbeddingPlan plan, Map<EmbeddingKey, Embedding> kept) {
    if (!plan.cacheable()) {
      return "off";
    }
    return kept.isEmpty() ? "miss" : "partial";
  }

  /** One embedding for each input, in order. */
  static List<Embedding> all(
      EmbeddingPlan plan, Map<EmbeddingKey, Embedding> kept, Answered answered) {
    Map<EmbeddingKey, Embedding> found = new HashMap<>(kept);
    found.putAll(answered.vectors());
    return plan.keys().stream().map(found::get).toList();
  }

  private static void send(
      Visit visit, EmbeddingPlan plan, Map<String, String> headers, List<Embedding> embeddings)
      throws IOException {
    visit.claim().ifPresent(claim -> claim.keep(Embedding.bytes(embeddings)));
    if (!plan.original().ignored().isEmpty()) {
      headers.put("x-weir-ignored", String.join(", ", plan.original().ignored()));
    }
    visit
        .exchange()
        .json(
            200,
            headers,
            EmbeddingListWriter.bytes(
                plan.model().id(),
                embeddings.stream().map(Embedding::vector).toList(),
                plan.request().encoding(),
                usage(embeddings).totalTokens()));
  }

  /** What all inputs together have, whoever paid for them. */
  static Usage usage(List<Embedding> embeddings) {
    return Usage.of(embeddings.stream().mapToLong(Embedding::tokens).sum(), 0);
  }
}
