package dev.weir.inference;

import dev.weir.admission.Admission;
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

  private final Admission admission;
  private final RequestLines lines;
  private final Records records;

  Refusals(Admission admission, RequestLines lines, Records records) {
    this.admission = admission;
    this.lines = lines;
    this.records = records;
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
    Map<String, String> headers = AnswerHeaders.limits(headroom);
    headers.putAll(AnswerHeaders.guard(visit));
    visit.exchange().problem(problem, headers);
    write(visit, Optional.empty(), problem);
  }

  private void refuse(Visit visit, Optional<String> model, Decision.Rejected rejected)
      throws IOException {
    Problem problem = Problem.of(rejected, model.orElse(Ask.NO_MODEL));
    visit.exchange().problem(problem, AnswerHeaders.limits(rejected.headroom()));
    write(visit, model, problem);
    rejected.doubtful().ifPresent(unheard -> admission.settle(unheard, 0, 0));
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
