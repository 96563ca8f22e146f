package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Decision;
import dev.weir.door.Problem;
import java.io.IOException;
import java.util.Optional;

/** Ends a request of which nothing was spent: the client's error, the line of the log. */
final class Refusals {

  private final Admission admission;
  private final RequestLines lines;

  Refusals(Admission admission, RequestLines lines) {
    this.admission = admission;
    this.lines = lines;
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
    Problem problem = Problem.of(rejected, model);
    visit.exchange().problem(problem, AnswerHeaders.limits(rejected.headroom()));
    lines.refused(visit, Optional.of(model), problem);
    rejected.doubtful().ifPresent(unheard -> admission.settle(unheard, 0, 0));
  }

  private void refuse(Visit visit, Optional<String> model, Problem problem) throws IOException {
    visit.exchange().problem(problem, AnswerHeaders.guard(visit));
    lines.refused(visit, model, problem);
  }
}
