package dev.weir.inference;

import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.Headroom;
import dev.weir.door.Problem;
import dev.weir.telemetry.Line;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Ends a request of which nothing was spent: the client's error, the audit, the line of the log.
 */
final class Refusals {

  private final Reservations reservations;
  private final RequestLines lines;
  private final Records records;

  Refusals(Reservations reservations, RequestLines lines, Records records) {
    this.reservations = reservations;
    this.lines = lines;
    this.records = records;
  }

  /**
   * Refuses a request of a tenant that is over its rate already, before anything is done for it.
   *
   * @param model of the catalog, where one is known
   * @return whether it was refused
   */
  boolean refuseAtOnce(Visit visit, Optional<String> model) throws IOException {
    Optional<Decision.Rejected> certain = reservations.refusal(visit);
    if (certain.isPresent()) {
      refuse(visit, model, certain.get());
    }
    return certain.isPresent();
  }

  /**
   * Refuses a request that cannot be planned. Where guards are the reason it counts as a request
   * first: nobody has more judged and written down than the limits allow.
   *
   * @param model of the catalog, where one is known
   * @param tenantGuard the tenant's own guard set, as known when it was judged
   */
  Outcome refuse(Visit visit, Optional<String> model, Optional<String> tenantGuard, Problem problem)
      throws IOException {
    if (!problem.isByGuard()) {
      refuse(visit, model, problem);
      return Outcome.DONE;
    }
    switch (reservations.forKept(visit, model.orElse(Ask.NO_MODEL))) {
      case Decision.Rejected rejected -> refuse(visit, model, rejected);
      case Decision.Admitted _ when reservations.hasOtherGuard(visit, tenantGuard) -> {
        return Outcome.GUARD_CHANGED;
      }
      case Decision.Admitted(_, Headroom headroom) -> refuse(visit, model, problem, headroom);
    }
    return Outcome.DONE;
  }

  /** Before a model of the catalog is known. */
  void refuse(Visit visit, Problem problem) throws IOException {
    refuse(visit, Optional.empty(), problem);
  }

  /**
   * Refuses a request for a model.
   *
   * @param model of the catalog, never a name a client made up: it is a metric's dimension
   */
  void refuse(Visit visit, String model, Problem problem) throws IOException {
    refuse(visit, Optional.of(model), problem);
  }

  /** By a limit. What may have been reserved unheard is given back once the client knows. */
  void refuse(Visit visit, String model, Decision.Rejected rejected) throws IOException {
    refuse(visit, Optional.of(model), rejected);
  }

  /** By a limit, where no model is asked. */
  void refuse(Visit visit, Decision.Rejected rejected) throws IOException {
    refuse(visit, Optional.empty(), rejected);
  }

  /** After it was counted, where no model is asked. */
  void refuse(Visit visit, Problem problem, Headroom headroom) throws IOException {
    refuse(visit, Optional.empty(), problem, headroom);
  }

  /** After it was counted. */
  void refuse(Visit visit, String model, Problem problem, Headroom headroom) throws IOException {
    refuse(visit, Optional.of(model), problem, headroom);
  }

  private void refuse(Visit visit, Optional<String> model, Problem problem, Headroom headroom)
      throws IOException {
    Map<String, String> headers = AnswerHeaders.limits(headroom);
    headers.putAll(AnswerHeaders.guard(visit));
    visit.exchange().problem(visit.form().named(problem), headers);
    write(visit, model, problem);
  }

  private void refuse(Visit visit, Optional<String> model, Decision.Rejected rejected)
      throws IOException {
    Problem problem = Problem.of(rejected, model.orElse(Ask.NO_MODEL));
    visit.exchange().problem(problem, AnswerHeaders.limits(rejected.headroom()));
    write(visit, model, problem);
    rejected.doubtful().ifPresent(reservations::giveBack);
  }

  /**
   * Refuses a request.
   *
   * @param model of the catalog, where one is known
   */
  void refuse(Visit visit, Optional<String> model, Problem problem) throws IOException {
    visit.exchange().problem(visit.form().named(problem), AnswerHeaders.guard(visit));
    write(visit, model, problem);
  }

  private void write(Visit visit, Optional<String> model, Problem problem) {
    Line line = lines.refused(visit, model, problem);
    records.refused(visit, model, problem, line);
    lines.write(line);
  }
}
