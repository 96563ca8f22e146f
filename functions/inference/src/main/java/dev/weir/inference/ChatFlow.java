package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionReader;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.CompletionHead;
import dev.weir.api.Parsed;
import dev.weir.cache.CacheKey;
import dev.weir.cache.Flight;
import dev.weir.cache.Lookup;
import dev.weir.cache.ResponseCache;
import dev.weir.door.Exchange;
import dev.weir.door.Problem;
import dev.weir.guard.GuardTrail;
import dev.weir.idempotency.Begin;
import dev.weir.idempotency.Claim;
import dev.weir.idempotency.Idempotency;
import dev.weir.idempotency.IdempotencyKey;
import dev.weir.killswitch.KillSwitch;
import dev.weir.killswitch.Off;
import dev.weir.killswitch.Target;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * One chat completion, start to end: read, plan, look up, admit, ask, answer, book. Nothing reaches
 * a model without a reservation, and every reservation is settled here.
 */
final class ChatFlow {

  /** What stays free of a function's time for settling after the deadline. */
  private static final Duration SETTLING = Duration.ofSeconds(3);

  /** Limits that a reservation without room for lost attempts may still pass. */
  private static final Set<Dimension> ROOM =
      EnumSet.of(
          Dimension.TOKENS,
          Dimension.TOO_LARGE,
          Dimension.DAY_BUDGET,
          Dimension.MONTH_BUDGET,
          Dimension.LIFETIME_BUDGET);

  private final Tools tools;
  private final StaleAnswers stale;

  /** What the flow works with. */
  record Tools(
      ChatRequestReader reader,
      ChatPlanner planner,
      Admission admission,
      KillSwitch killSwitch,
      Idempotency idempotency,
      ResponseCache cache,
      Attempts attempts,
      RemoteGuard guardrail,
      Books books,
      Answers answers,
      InstantSource clock,
      Supplier<String> callIds,
      Times times) {}

  /** How long a request and its parts may take. */
  record Times(Duration request, Duration firstContent, Duration idle) {}

  ChatFlow(Tools tools) {
    this.tools = tools;
    this.stale = new StaleAnswers(tools.answers(), tools.clock());
  }

  void serve(Exchange exchange, int remainingMillis) throws IOException {
    Visit visit =
        new Visit(
            exchange,
            exchange.request().authorized("tenantId"),
            exchange.request().authorized("keyId"),
            tools.clock().millis(),
            deadline(remainingMillis),
            Optional.empty(),
            new GuardTrail());
    switch (tools.reader().read(exchange.request().body())) {
      case Parsed.Bad<ChatRequest>(var error) -> refuse(visit, Optional.empty(), Problem.of(error));
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> plan(visit, request);
    }
  }

  private Deadline deadline(int remainingMillis) {
    long time = Math.min(tools.times().request().toMillis(), remainingMillis - SETTLING.toMillis());
    return new Deadline(
        tools.clock().millis() + Math.max(time, 0),
        tools.times().firstContent(),
        tools.times().idle(),
        tools.clock());
  }

  private void plan(Visit visit, ChatRequest request) throws IOException {
    boolean noStore =
        visit.exchange().request().header("cache-control").orElse("").contains("no-store");
    Optional<Tenant> tenant = tools.admission().tenant(visit.tenantId());
    EstimateMode mode = tenant.map(Tenant::estimate).orElse(EstimateMode.TOKENS);
    // Whose guards are unknown is served nothing kept; the admission tells.
    boolean bypass = noStore || tenant.isEmpty();
    switch (tools
        .planner()
        .plan(request, mode, tenant.flatMap(Tenant::guard), bypass, visit.guard())) {
      case ChatPlan.Planned.Not(Problem problem) -> refuse(visit, Optional.empty(), problem);
      case ChatPlan.Planned.Ready(ChatPlan plan) -> unlessOff(visit, plan);
    }
  }

  /** What is off is answered by nobody: no model, no cache, no idempotency key. */
  private void unlessOff(Visit visit, ChatPlan plan) throws IOException {
    switch (tools.killSwitch().check(targets(visit, plan))) {
      // Planned again, because its guards had changed: the key is claimed already.
      case KillSwitch.Check.On _ when visit.claim().isPresent() -> proceed(visit, plan);
      case KillSwitch.Check.On _ -> once(visit, plan);
      case KillSwitch.Check.Switched(Off off) -> refuse(visit, plan, Problem.of(off));
      case KillSwitch.Check.Unreadable _ -> refuse(visit, plan, Problem.switchesUnreadable());
    }
  }

  /** An idempotency key is answered once, whoever sends it again and whenever. */
  private void once(Visit visit, ChatPlan plan) throws IOException {
    Optional<String> key = visit.exchange().request().header("idempotency-key");
    if (key.isEmpty()) {
      proceed(visit, plan);
      return;
    }
    if (!IdempotencyKey.isValid(key.get())) {
      refuse(visit, plan, Problem.invalidIdempotencyKey());
      return;
    }
    Begin begin =
        tools
            .idempotency()
            .begin(
                IdempotencyKey.of(
                    visit.tenantId(),
                    key.get(),
                    visit.exchange().request().body(),
                    plan.guards().versions()),
                visit.exchange().requestId(),
                visit.deadline().remaining().plus(SETTLING));
    switch (begin) {
      case Begin.First(Claim claim) -> {
        try {
          proceed(visit.with(claim), plan);
        } finally {
          claim.release();
        }
      }
      case Begin.Answered answered -> replay(visit, plan, answered);
      case Begin.Running _, Begin.Other _, Begin.NotKept _, Begin.Unreadable _ ->
          refuse(visit, plan, Problem.idempotency(begin));
    }
  }

  private void replay(Visit visit, ChatPlan plan, Begin.Answered answered) throws IOException {
    Optional<ChatCompletion> kept = ChatCompletionReader.read(answered.answer());
    if (kept.isEmpty()) {
      refuse(visit, plan, Problem.idempotency(new Begin.NotKept()));
      return;
    }
    serveKept(visit, plan, Kept.REPLAY, kept.get(), answered.atMillis());
  }

  private void proceed(Visit visit, ChatPlan plan) throws IOException {
    if (plan.cacheable()) {
      lookUp(visit, plan);
    } else {
      admit(visit, plan, Optional.empty(), Optional.empty());
    }
  }

  /** Everything whose switch ends this call. */
  private static Set<Target> targets(Visit visit, ChatPlan plan) {
    Set<Target> targets = new HashSet<>();
    targets.add(new Target(Target.Kind.ALL, ""));
    targets.add(new Target(Target.Kind.DOOR, "chat"));
    targets.add(new Target(Target.Kind.TENANT, visit.tenantId()));
    targets.add(new Target(Target.Kind.KEY, visit.keyId()));
    targets.add(new Target(Target.Kind.MODEL, plan.model().id()));
    for (ChatRequest.Tool tool : plan.request().tools()) {
      targets.add(new Target(Target.Kind.TOOL, tool.name()));
    }
    return targets;
  }

  private void lookUp(Visit visit, ChatPlan plan) throws IOException {
    CacheKey key =
        CacheKey.of(
            visit.tenantId(),
            plan.model(),
            plan.maxTokens(),
            plan.request(),
            plan.guards().versions());
    switch (tools.cache().join(key, visit.exchange().requestId(), visit.deadline())) {
      case Lookup.Hit(byte[] value, long atMillis) -> {
        Optional<ChatCompletion> kept = ChatCompletionReader.read(value);
        if (kept.isPresent()) {
          serveKept(visit, plan, Kept.CACHE, kept.get().under(head(visit, plan)), atMillis);
        } else {
          admit(visit, plan, Optional.of(key), Optional.empty());
        }
      }
      case Lookup.Lead(Flight flight) -> {
        try {
          admit(visit, plan.beside(flight.expired()), Optional.of(key), Optional.of(flight));
        } catch (IOException | RuntimeException e) {
          tools.cache().abandon(flight);
          throw e;
        }
      }
      case Lookup.Alone(var expired) ->
          admit(visit, plan.beside(expired), Optional.of(key), Optional.empty());
      case Lookup.TimedOut _ ->
          refuse(
              visit,
              plan,
              Problem.of(Fault.of(Fault.Kind.DEADLINE, "an equal request is still running")));
    }
  }

  /** What was kept counts as a request, and neither as tokens nor as money. */
  private void serveKept(Visit visit, ChatPlan plan, Kept from, ChatCompletion kept, long atMillis)
      throws IOException {
    Decision decision = tools.admission().reserve(ask(visit, plan, 0, 0, Duration.ZERO));
    if (decision instanceof Decision.Rejected rejected
        && rejected.dimension() != Dimension.UNAVAILABLE) {
      refuse(visit, plan, rejected);
      return;
    }
    if (hasOtherGuard(visit, plan)) {
      plan(visit, plan.original());
      return;
    }
    Map<String, String> headers =
        AnswerHeaders.kept(plan, from, decision.headroom(), tools.clock().millis() - atMillis);
    tools.answers().replay(visit, plan, from, kept, headers);
    tools.books().kept(visit, plan, from, kept);
  }

  private void admit(Visit visit, ChatPlan plan, Optional<CacheKey> key, Optional<Flight> flight)
      throws IOException {
    switch (reserve(visit, plan)) {
      case Decision.Rejected rejected -> {
        flight.ifPresent(tools.cache()::abandon);
        refuse(visit, plan, rejected);
      }
      case Decision.Admitted admitted when hasOtherGuard(visit, plan) -> {
        flight.ifPresent(tools.cache()::abandon);
        tools.admission().settle(admitted.reservation(), 0, 0);
        plan(visit, plan.original());
      }
      case Decision.Admitted admitted -> {
        Optional<? extends Future<?>> claim = flight.map(tools.cache()::keepClaim);
        try {
          guarded(visit, plan, admitted, key, flight);
        } finally {
          claim.ifPresent(renewal -> renewal.cancel(false));
        }
      }
    }
  }

  /** A call that fits without room for lost attempts is not refused for want of it. */
  private Decision reserve(Visit visit, ChatPlan plan) {
    Duration lease = visit.deadline().remaining().plus(SETTLING);
    Decision decision =
        tools
            .admission()
            .reserve(ask(visit, plan, plan.tokens(), plan.reserved().microUsd(), lease));
    return plan.room() > 0
            && decision instanceof Decision.Rejected rejected
            && ROOM.contains(rejected.dimension())
        ? reserve(visit, plan.withoutRoom())
        : decision;
  }

  /** Whether the tenant's guard set is another than planned with: the admission knows it now. */
  private boolean hasOtherGuard(Visit visit, ChatPlan plan) {
    return tools
        .admission()
        .tenant(visit.tenantId())
        .filter(tenant -> !tenant.guard().equals(plan.tenantGuard()))
        .isPresent();
  }

  private void guarded(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Optional<CacheKey> key,
      Optional<Flight> flight)
      throws IOException {
    visit.guard().admitted();
    switch (tools
        .guardrail()
        .request(plan.request(), plan.guards(), visit.guard(), visit.deadline())) {
      case RemoteGuard.Outcome.Passed(ChatRequest request) ->
          answer(visit, plan.with(request), admitted, key, flight);
      case RemoteGuard.Outcome.Not(Problem problem, String outcome) -> {
        flight.ifPresent(tools.cache()::abandon);
        try {
          visit.exchange().problem(problem, AnswerHeaders.stopped(visit));
        } finally {
          tools.books().stopped(visit, plan, admitted.reservation(), outcome);
        }
      }
    }
  }

  private void answer(
      Visit visit,
      ChatPlan plan,
      Decision.Admitted admitted,
      Optional<CacheKey> key,
      Optional<Flight> flight) {
    Answer answer = tools.answers().open(visit, plan, head(visit, plan));
    Hops hops = new Hops();
    Ending ending = new Ending.Failed(Fault.of(Fault.Kind.INTERNAL, "the gateway failed"));
    try {
      Attempts.Asked asked =
          new Attempts.Asked(visit, plan, admitted, targets(visit, plan), key(visit), answer, hops);
      ending = tools.attempts().run(asked, tools.books());
      Answer.Bill bill = tools.books().bill(visit, hops);
      if (!stale.serve(asked, head(visit, plan), ending, bill)) {
        answer.end(ending, bill);
      }
    } finally {
      tools.books().asked(visit, plan, admitted.reservation(), answer, ending, hops, key, flight);
    }
  }

  private Optional<Tenant.Key> key(Visit visit) {
    return tools
        .admission()
        .tenant(visit.tenantId())
        .flatMap(tenant -> Optional.ofNullable(tenant.keys().get(visit.keyId())));
  }

  private Ask ask(Visit visit, ChatPlan plan, long tokens, long microUsd, Duration lease) {
    return new Ask(
        visit.tenantId(),
        visit.keyId(),
        tools.callIds().get(),
        plan.model().id(),
        tokens,
        microUsd,
        lease);
  }

  private static CompletionHead head(Visit visit, ChatPlan plan) {
    return new CompletionHead(
        "chatcmpl-" + visit.exchange().requestId().substring("req_".length()),
        visit.startMillis() / 1000,
        plan.model().id());
  }

  private void refuse(Visit visit, ChatPlan plan, Decision.Rejected rejected) throws IOException {
    Problem problem = Problem.of(rejected, plan.model().id());
    visit.exchange().problem(problem, AnswerHeaders.limits(rejected.headroom()));
    tools.books().refused(visit, Optional.of(plan.model().id()), problem);
    rejected.doubtful().ifPresent(unheard -> tools.admission().settle(unheard, 0, 0));
  }

  private void refuse(Visit visit, ChatPlan plan, Problem problem) throws IOException {
    refuse(visit, Optional.of(plan.model().id()), problem);
  }

  private void refuse(Visit visit, Optional<String> model, Problem problem) throws IOException {
    visit.exchange().problem(problem, AnswerHeaders.guard(visit));
    tools.books().refused(visit, model, problem);
  }
}
