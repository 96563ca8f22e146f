package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.ChatRequest;
import dev.weir.cache.CacheKey;
import dev.weir.cache.Flight;
import dev.weir.cache.ResponseCache;
import dev.weir.cache.SimilarCache;
import dev.weir.door.Problem;
import dev.weir.inference.SimilarAnswers.Asking;
import dev.weir.inference.SimilarAnswers.Placed;
import dev.weir.ledger.Cost;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Has a model answer. Nothing reaches a model without a reservation, and every reservation is
 * settled here.
 */
final class PaidAnswers {

  private final Tools tools;

  /** What it works with. */
  record Tools(
      Reservations reservations,
      Refusals refusals,
      ResponseCache cache,
      Retrieval retrieval,
      RemoteGuard guardrail,
      Attempts attempts,
      Answers answers,
      StaleAnswers stale,
      SimilarAnswers similar,
      InstantSource clock,
      Books books) {}

  /**
   * Where the answer belongs in the cache.
   *
   * @param flight the lead over equal requests, which ends with the answer
   */
  record Place(Optional<CacheKey> key, Optional<Flight> flight) {
    static final Place NONE = new Place(Optional.empty(), Optional.empty());

    static Place of(CacheKey key) {
      return new Place(Optional.of(key), Optional.empty());
    }

    static Place of(CacheKey key, Flight flight) {
      return new Place(Optional.of(key), Optional.of(flight));
    }
  }

  PaidAnswers(Tools tools) {
    this.tools = tools;
  }

  /** Reserves and answers, unless a limit refuses or the plan's guards turn out to have changed. */
  Outcome serve(Visit visit, ChatPlan planned, Place place) throws IOException {
    Optional<Asking> asking =
        place.key().isPresent() ? tools.similar().asking(visit, planned) : Optional.empty();
    Reservations.Reserved reserved =
        tools
            .reservations()
            .forAnswer(
                visit,
                planned,
                asking.map(Asking::tokens).orElse(0L),
                asking.map(Asking::bound).orElse(Cost.ZERO));
    ChatPlan plan = reserved.plan();
    switch (reserved.decision()) {
      case Decision.Rejected rejected -> {
        place.flight().ifPresent(tools.cache()::abandon);
        tools.refusals().refuse(visit, plan.model().id(), rejected);
      }
      case Decision.Admitted admitted when tools.reservations().hasOtherGuard(visit, plan) -> {
        place.flight().ifPresent(tools.cache()::abandon);
        tools.reservations().giveBack(admitted.reservation());
        return Outcome.GUARD_CHANGED;
      }
      case Decision.Admitted admitted -> {
        Optional<? extends Future<?>> claim = place.flight().map(tools.cache()::keepClaim);
        try {
          guarded(visit, plan, admitted, place, asking);
        } finally {
          claim.ifPresent(renewal -> renewal.cancel(false));
        }
      }
    }
    return Outcome.DONE;
  }

  private void guarded(
      Visit visit, ChatPlan plan, Decision.Admitted admitted, Place place, Optional<Asking> asking)
      throws IOException {
    visit.guard().admitted();
    switch (tools.retrieval().ground(visit, plan, tools.reservations().mode(visit))) {
      case Retrieval.Outcome.Not(Problem problem) ->
          stop(visit, plan, admitted, place, problem, "retrieval_unavailable");
      case Retrieval.Outcome.Grounded(ChatRequest grounded) -> {
        switch (tools
            .guardrail()
            .request(grounded, plan.guards(), visit.guard(), visit.deadline())) {
          case RemoteGuard.Outcome.Passed(ChatRequest request) ->
              // What the guardrail has masked is another question, and is not kept either.
              placed(
                  visit,
                  plan.with(request),
                  admitted,
                  place,
                  asking.filter(_ -> visit.guard().isClean()));
          case RemoteGuard.Outcome.Not(Problem problem, String outcome) ->
              stop(visit, plan, admitted, place, problem, outcome);
        }
      }
    }
  }

  private void stop(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Place place,
      Problem problem,
      String outcome)
      throws IOException {
    place.flight().ifPresent(tools.cache()::abandon);
    try {
      visit
          .exchange()
          .problem(visit.form().named(problem), AnswerHeaders.stopped(visit, admitted.headroom()));
    } finally {
      tools.books().stopped(visit, plan, admitted.reservation(), outcome);
    }
  }

  private void placed(
      Visit visit, ChatPlan plan, Decision.Admitted admitted, Place place, Optional<Asking> asking)
      throws IOException {
    Hops hops = new Hops();
    Optional<Placed> placed = asking.flatMap(each -> tools.similar().place(visit, each, hops));
    Optional<SimilarCache.Match> match = placed.flatMap(Placed::match);
    Optional<ChatCompletion> kept =
        match.flatMap(found -> ChatCompletionReader.read(found.answer().value()));
    if (match.isPresent() && kept.isPresent()) {
      place.flight().ifPresent(tools.cache()::abandon);
      serveSimilar(visit, plan, admitted, hops, match.get(), kept.get());
    } else {
      answer(visit, plan, admitted, place, hops, placed);
    }
  }

  private void serveSimilar(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Hops hops,
      SimilarCache.Match match,
      ChatCompletion found)
      throws IOException {
    ChatCompletion kept = found.under(Answers.head(visit, plan));
    Map<String, String> headers =
        AnswerHeaders.similar(
            plan,
            admitted.headroom(),
            tools.clock().millis() - match.answer().atMillis(),
            match.cosine(),
            Billing.call(visit, hops));
    try {
      tools.answers().replay(visit, plan, Kept.SIMILAR, kept, headers);
    } finally {
      tools.books().similar(visit, plan, admitted.reservation(), hops, kept, match.cosine());
    }
  }

  private void answer(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Place place,
      Hops hops,
      Optional<Placed> placed) {
    Answer answer = tools.answers().open(visit, plan);
    Ending ending = new Ending.Failed(Fault.of(Fault.Kind.INTERNAL, "the gateway failed"));
    try {
      Attempts.Asked asked =
          new Attempts.Asked(visit, plan, admitted, tools.reservations().key(visit), answer, hops);
      ending = answer.keep(tools.attempts().run(asked));
      if (ending instanceof Ending.Complete) {
        visit
            .claim()
            .ifPresent(claim -> claim.keep(ChatCompletionWriter.bytes(answer.fold().completion())));
      }
      Answer.Bill bill = Billing.call(visit, hops);
      if (!tools.stale().serve(asked, ending, bill)) {
        answer.end(ending, bill);
      }
    } finally {
      boolean isKept =
          tools.books().asked(visit, plan, admitted.reservation(), answer, ending, hops, place);
      if (isKept && placed.isPresent()) {
        place.key().ifPresent(key -> tools.similar().remember(placed.get(), key));
      }
    }
  }
}
