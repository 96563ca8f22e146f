package dev.weir.inference;

import dev.weir.api.EmbeddingRequest;
import dev.weir.api.EmbeddingRequestReader;
import dev.weir.api.Parsed;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.idempotency.Begin;
import dev.weir.model.Embedding;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One request for vectors: read, plan, pass the gate, and then what is kept and what is paid. */
final class EmbeddingFlow {

  private static final String DOOR = "embeddings";

  private final Tools tools;

  /** What the flow works with. */
  record Tools(
      EmbeddingRequestReader reader,
      EmbeddingPlanner planner,
      Gate gate,
      Refusals refusals,
      Reservations reservations,
      EmbeddingAnswers answers,
      Times times) {}

  EmbeddingFlow(Tools tools) {
    this.tools = tools;
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit = tools.times().visit(exchange, DOOR, remainingMillis);
    switch (tools.reader().read(exchange.request().body())) {
      case Parsed.Bad<EmbeddingRequest>(var error) ->
          tools.refusals().refuse(visit, Problem.of(error));
      case Parsed.Ok<EmbeddingRequest>(EmbeddingRequest request) -> plan(visit, request);
    }
  }

  private void plan(Visit visit, EmbeddingRequest request) throws IOException {
    boolean noStore = visit.wantsNoStore();
    Optional<Tenant> tenant = tools.reservations().tenant(visit);
    Optional<String> guard = tenant.flatMap(Tenant::guard);
    if (tools.refusals().refuseAtOnce(visit, tools.planner().model(request))) {
      return;
    }
    switch (tools
        .planner()
        .plan(
            visit.tenantId(),
            request,
            tools.reservations().mode(visit),
            guard,
            // Whose guards are unknown is served nothing kept; the admission tells.
            noStore || tenant.isEmpty(),
            visit.guard())) {
      case EmbeddingPlan.Planned.Not(var model, Problem problem) ->
          conclude(visit, request, tools.refusals().refuse(visit, model, guard, problem));
      case EmbeddingPlan.Planned.Ready(EmbeddingPlan plan) ->
          tools
              .gate()
              .pass(
                  visit,
                  new Gate.Subject(
                      plan.model().id(),
                      CallSwitches.of(visit, plan.model().id()),
                      "",
                      plan.guards().versions()),
                  new Inside(plan));
    }
  }

  private void conclude(Visit visit, EmbeddingRequest request, Outcome outcome) throws IOException {
    switch (outcome) {
      case DONE -> {}
      case GUARD_CHANGED -> plan(visit, request);
    }
  }

  /** What happens behind the gate. */
  private final class Inside implements Gate.Door {
    private final EmbeddingPlan plan;

    private Inside(EmbeddingPlan plan) {
      this.plan = plan;
    }

    @Override
    public void proceed(Visit visit) throws IOException {
      conclude(visit, plan.original(), tools.answers().serve(visit, plan));
    }

    @Override
    public boolean replay(Visit visit, Begin.Answered kept) throws IOException {
      Optional<List<Embedding>> embeddings =
          Embedding.read(kept.answer()).filter(read -> read.size() == plan.keys().size());
      if (embeddings.isPresent()) {
        conclude(
            visit,
            plan.original(),
            tools.answers().serveKept(visit, plan, Kept.REPLAY, embeddings.get()));
      }
      return embeddings.isPresent();
    }
  }
}
