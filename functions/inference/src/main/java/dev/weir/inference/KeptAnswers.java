package dev.weir.inference;

import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.api.ChatCompletion;
import dev.weir.door.Problem;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Serves an answer that is there already: counted as a request, not billed. */
final class KeptAnswers {

  private final Reservations reservations;
  private final Refusals refusals;
  private final Answers answers;
  private final Books books;
  private final InstantSource clock;

  KeptAnswers(
      Reservations reservations,
      Refusals refusals,
      Answers answers,
      Books books,
      InstantSource clock) {
    this.reservations = reservations;
    this.refusals = refusals;
    this.answers = answers;
    this.books = books;
    this.clock = clock;
  }

  /** Serves it, unless a limit refuses or the plan's guards turn out to have changed. */
  Outcome serve(Visit visit, ChatPlan plan, Kept from, ChatCompletion kept, long atMillis)
      throws IOException {
    Decision decision = reservations.forKept(visit, plan);
    if (decision instanceof Decision.Rejected rejected
        && rejected.dimension() != Dimension.UNAVAILABLE) {
      refusals.refuse(visit, plan.model().id(), rejected);
      return Outcome.DONE;
    }
    if (reservations.hasOtherGuard(visit, plan)) {
      return Outcome.GUARD_CHANGED;
    }
    Optional<Problem> gone =
        from == Kept.REPLAY ? visit.form().gone(visit, kept) : Optional.empty();
    if (gone.isPresent()) {
      refusals.refuse(visit, plan.model().id(), gone.get(), decision.headroom());
      return Outcome.DONE;
    }
    Map<String, String> headers =
        AnswerHeaders.kept(plan, from, decision.headroom(), clock.millis() - atMillis);
    answers.replay(visit, plan, from, kept, headers);
    books.kept(visit, plan, from, kept);
    return Outcome.DONE;
  }
}
