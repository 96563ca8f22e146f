package dev.weir.inference;

import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.cache.CacheKey;
import dev.weir.cache.Flight;
import dev.weir.cache.Lookup;
import dev.weir.cache.ResponseCache;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.idempotency.Begin;
import dev.weir.model.Fault;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.util.Optional;

/** One answer of a model: read, plan, pass the gate, and then what is kept, else what is paid. */
final class ChatFlow {

  private static final String DOOR = "chat";

  private final Tools tools;

  /** What the flow works with. */
  record Tools(
      ChatRequestReader reader,
      ChatPlanner planner,
      Gate gate,
      Refusals refusals,
      Reservations reservations,
      ResponseCache cache,
      KeptAnswers kept,
      PaidAnswers paid,
      Times times) {}

  ChatFlow(Tools tools) {
    this.tools = tools;
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit = tools.times().visit(exchange, DOOR, remainingMillis);
    switch (tools.reader().read(exchange.request().body())) {
      case Parsed.Bad<ChatRequest>(var error) -> tools.refusals().refuse(visit, Problem.of(error));
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> answer(visit, request);
    }
  }

  /** Answers a request in the form of its visit. */
  void answer(Visit visit, ChatRequest request) throws IOException {
    boolean noStore = visit.wantsNoStore();
    Optional<Tenant> tenant = tools.reservations().tenant(visit);
    EstimateMode mode = tools.reservations().mode(visit);
    Optional<String> tier = visit.exchange().request().header("x-weir-tier");
    Optional<String> guard = tenant.flatMap(Tenant::guard);
    if (tools.refusals().refuseAtOnce(visit, tools.planner().model(request))) {
      return;
    }
    // Whose guards are unknown is served nothing kept; the admission tells.
    boolean bypass = noStore || tenant.isEmpty();
    switch (tools.planner().plan(request, mode, guard, bypass, tier, visit.guard())) {
      case ChatPlan.Planned.Not(var model, Problem problem) ->
          conclude(visit, request, tools.refusals().refuse(visit, model, guard, problem));
      case ChatPlan.Planned.Ready(ChatPlan plan) ->
          tools.gate().pass(visit, subject(visit, plan), new Inside(plan));
    }
  }

  private void conclude(Visit visit, ChatRequest request, Outcome outcome) throws IOException {
    switch (outcome) {
      case DONE -> {}
      case GUARD_CHANGED -> answer(visit, request);
    }
  }

  private static Gate.Subject subject(Visit visit, ChatPlan plan) {
    return new Gate.Subject(
        plan.model().id(),
        CallSwitches.of(visit, plan),
        plan.cascadeVariant(),
        plan.guards().versions() + visit.form().terms());
  }

  /** What happens behind the gate. */
  private final class Inside implements Gate.Door {
    private final ChatPlan plan;

    private Inside(ChatPlan plan) {
      this.plan = plan;
    }

    @Override
    public void proceed(Visit visit) throws IOException {
      Optional<Form.Takeover> takeover = visit.form().takeover();
      if (takeover.isPresent()) {
        takeover.get().answer(visit);
        return;
      }
      Outcome outcome =
          plan.cacheable()
              ? lookUp(visit)
              : tools.paid().serve(visit, plan, PaidAnswers.Place.NONE);
      conclude(visit, plan.original(), outcome);
    }

    @Override
    public boolean replay(Visit visit, Begin.Answered kept) throws IOException {
      Optional<ChatCompletion> answer = ChatCompletionReader.read(kept.answer());
      if (answer.isPresent()) {
        conclude(
            visit,
            plan.original(),
            tools.kept().serve(visit, plan, Kept.REPLAY, answer.get(), kept.atMillis()));
      }
      return answer.isPresent();
    }

    private Outcome lookUp(Visit visit) throws IOException {
      CacheKey key =
          CacheKey.of(
              visit.tenantId(), plan.model(), plan.maxTokens(), plan.request(), plan.variant());
      return switch (tools.cache().join(key, visit.exchange().requestId(), visit.deadline())) {
        case Lookup.Hit(byte[] value, long atMillis) -> {
          Optional<ChatCompletion> kept = ChatCompletionReader.read(value);
          yield kept.isPresent()
              ? tools
                  .kept()
                  .serve(
                      visit,
                      plan,
                      Kept.CACHE,
                      kept.get().under(Answers.head(visit, plan)),
                      atMillis)
              : tools.paid().serve(visit, plan, PaidAnswers.Place.of(key));
        }
        case Lookup.Lead(Flight flight) -> {
          try {
            yield tools
                .paid()
                .serve(visit, plan.beside(flight.expired()), PaidAnswers.Place.of(key, flight));
          } catch (IOException | RuntimeException e) {
            tools.cache().abandon(flight);
            throw e;
          }
        }
        case Lookup.Alone(var expired) ->
            tools.paid().serve(visit, plan.beside(expired), PaidAnswers.Place.of(key));
        case Lookup.TimedOut _ -> {
          tools
              .refusals()
              .refuse(
                  visit,
                  plan.model().id(),
                  Problem.of(Fault.of(Fault.Kind.DEADLINE, "an equal request is still running")));
          yield Outcome.DONE;
        }
      };
    }
  }
}
