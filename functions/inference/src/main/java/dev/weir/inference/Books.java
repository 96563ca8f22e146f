package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Reservation;
import dev.weir.admission.TokenEstimate;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.ChatRequest;
import dev.weir.api.CompletionUsage;
import dev.weir.cache.CacheKey;
import dev.weir.cache.Flight;
import dev.weir.cache.ResponseCache;
import dev.weir.door.Problem;
import dev.weir.inference.Answer.Bill;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Price;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.StopReason;
import dev.weir.route.Target;
import dev.weir.stream.CompletionFold;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import dev.weir.tenant.EstimateMode;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is written down when a request is over: the settlement, the ledger row, the cache entry and
 * one log line with its metrics. Runs after the last byte has left, where the runtime allows.
 */
final class Books {

  /** Faults that Bedrock raises before it runs a model, so that nothing was used. */
  private static final Set<Fault.Kind> UNUSED =
      EnumSet.of(
          Fault.Kind.THROTTLED,
          Fault.Kind.QUOTA_EXCEEDED,
          Fault.Kind.NOT_READY,
          Fault.Kind.UNAVAILABLE,
          Fault.Kind.INTERNAL,
          Fault.Kind.INVALID,
          Fault.Kind.ACCESS_DENIED,
          Fault.Kind.NOT_FOUND,
          Fault.Kind.REFUSED,
          Fault.Kind.CONNECTION);

  private final Admission admission;
  private final Ledger ledger;
  private final ResponseCache cache;
  private final TokenEstimate estimate;
  private final InstantSource clock;
  private final Log log;

  Books(
      Admission admission,
      Ledger ledger,
      ResponseCache cache,
      TokenEstimate estimate,
      InstantSource clock,
      Log log) {
    this.admission = admission;
    this.ledger = ledger;
    this.cache = cache;
    this.estimate = estimate;
    this.clock = clock;
    this.log = log;
  }

  /**
   * What is charged: what the model reported; nothing where it never ran; else a bound made of the
   * prompt's bound and what had been said: every answer is asked for as a stream, so it is heard.
   */
  Bill bill(
      ChatPlan plan,
      Target target,
      long promptTokens,
      CompletionFold fold,
      Ending ending,
      String heard) {
    if (fold.usage().isPresent()) {
      Usage usage = fold.usage().get();
      return new Bill(usage, target.price().of(usage), false);
    }
    if (ending instanceof Ending.Failed(Fault fault)
        && UNUSED.contains(fault.kind())
        && !fold.hasContent()
        && heard.isEmpty()) {
      return new Bill(Usage.ZERO, Cost.ZERO, false);
    }
    long spoken = Math.max(said(fold), estimate.text(heard, EstimateMode.TOKENS));
    Usage usage = Usage.of(promptTokens, Math.min(plan.maxTokens(), spoken));
    return new Bill(usage, target.price().of(usage), true);
  }

  /** What a call is charged: every attempt, and what the guards cost. */
  Bill bill(Visit visit, Hops hops) {
    Bill asked = hops.bill();
    return new Bill(asked.usage(), asked.cost().plus(visit.guard().cost()), asked.isEstimated());
  }

  private long said(CompletionFold fold) {
    ChatCompletion completion = fold.completion();
    long tokens =
        estimate.text(completion.text(), EstimateMode.TOKENS)
            + estimate.text(completion.reasoning(), EstimateMode.TOKENS);
    for (ChatRequest.ToolCall call : completion.toolCalls()) {
      tokens += estimate.text(call.name() + call.arguments(), EstimateMode.TOKENS);
    }
    return tokens;
  }

  /** Books a request that a model was asked. */
  void asked(
      Visit visit,
      ChatPlan plan,
      Reservation reservation,
      Answer answer,
      Ending ending,
      Hops hops,
      Optional<CacheKey> key,
      Optional<Flight> flight) {
    CompletionFold fold = answer.fold();
    Bill bill = bill(visit, hops);
    // A stand-in's answer is not what the key stands for.
    keep(visit, plan, fold, ending, hops.degraded().isEmpty() ? key : Optional.empty(), flight);
    if (ending instanceof Ending.Complete) {
      visit.claim().ifPresent(claim -> claim.keep(ChatCompletionWriter.bytes(fold.completion())));
    }
    Admission.Settlement settlement =
        admission.settle(reservation, bill.usage().totalTokens(), bill.cost().microUsd());
    Optional<String> finish = fold.stopReason().map(reason -> fold.completion().finishReason());
    String outcome = hops.isStale() ? "stale" : Hops.outcome(ending);
    Ledger.Entry entry = ledger.write(row(visit, plan, hops, outcome, finish, bill, bill.usage()));
    Line line = line(visit, plan, hops, outcome);
    answer
        .firstContentMillis()
        .ifPresent(at ->
            line.metric(
                Names.TIME_TO_FIRST_TOKEN, Line.Unit.SECONDS, (at - visit.startMillis()) / 1000.0));
    if (ending instanceof Ending.Failed(Fault fault)) {
      line.with("fault", fault.detail())
          .metric(
              fault.kind() == Fault.Kind.SWITCHED_OFF ? Names.SWITCHED_OFF : Names.FAULTS,
              Line.Unit.COUNT,
              1);
    }
    finish.ifPresent(reason -> line.with(Names.FINISH_REASON, reason));
    count(line, bill);
    count(line, hops);
    if (bill.usage().totalTokens() > reservation.tokens()
        || bill.cost().microUsd() > reservation.microUsd()) {
      line.with("reservedTokens", reservation.tokens())
          .metric(Names.UNDER_RESERVED, Line.Unit.COUNT, 1);
    }
    written(line, Optional.of(settlement), entry);
    log.write(line);
  }

  private void keep(
      Visit visit,
      ChatPlan plan,
      CompletionFold fold,
      Ending ending,
      Optional<CacheKey> key,
      Optional<Flight> flight) {
    boolean isClean =
        ending instanceof Ending.Complete
            && fold.hasContent()
            && visit.guard().isClean()
            && fold.stopReason().map(StopReason::isClean).orElse(false);
    if (isClean && key.isPresent()) {
      cache.fill(
          key.get(),
          visit.exchange().requestId(),
          ChatCompletionWriter.bytes(fold.completion()),
          plan.model().cache().timeToLive());
    } else {
      flight.ifPresent(cache::abandon);
    }
  }

  /** Books an admitted request that a guard stopped before any model was asked. */
  void stopped(Visit visit, ChatPlan plan, Reservation reservation, String outcome) {
    Bill bill = new Bill(Usage.ZERO, visit.guard().cost(), false);
    Admission.Settlement settlement = admission.settle(reservation, 0, bill.cost().microUsd());
    Ledger.Entry entry =
        ledger.write(row(visit, plan, new Hops(), outcome, Optional.empty(), bill, Usage.ZERO));
    Line line = line(visit, plan, new Hops(), outcome);
    count(line, bill);
    written(line, Optional.of(settlement), entry);
    log.write(line);
  }

  /** Books a request whose answer was there already: served, not billed. */
  void kept(Visit visit, ChatPlan plan, Kept from, ChatCompletion kept) {
    visit.claim().ifPresent(claim -> claim.keep(ChatCompletionWriter.bytes(kept)));
    Bill bill = new Bill(Usage.ZERO, Cost.ZERO, false);
    Usage served = kept.usage().map(Books::usage).orElse(Usage.ZERO);
    Ledger.Entry entry =
        ledger.write(
            row(
                visit,
                plan,
                new Hops(),
                from.outcome(),
                Optional.of(kept.finishReason()),
                bill,
                served));
    Line line = line(visit, plan, new Hops(), from.outcome());
    if (from == Kept.CACHE) {
      line.metric(Names.CACHE_HITS, Line.Unit.COUNT, 1);
    }
    count(line, bill);
    written(line, Optional.empty(), entry);
    log.write(line);
  }

  /**
   * Books a request that was refused before anything was spent.
   *
   * @param model a model of the catalog, never a name a client made up: it is a metric's dimension
   */
  void refused(Visit visit, Optional<String> model, Problem problem) {
    Line line =
        start(visit, "refused")
            .with(Names.REQUEST_MODEL, model)
            .with("code", problem.error().code())
            .with("status", problem.error().status())
            .with("limit", Optional.ofNullable(problem.headers().get("x-weir-limit")))
            .metric(Names.REFUSED, Line.Unit.COUNT, 1);
    if (problem.error().code().equals("switched_off")) {
      line.metric(Names.SWITCHED_OFF, Line.Unit.COUNT, 1);
    }
    if (problem.error().code().equals("limiter_unavailable")) {
      line.metric(Names.LIMITER_UNAVAILABLE, Line.Unit.COUNT, 1);
    }
    log.write(line);
  }

  private LedgerRow row(
      Visit visit,
      ChatPlan plan,
      Hops hops,
      String outcome,
      Optional<String> finish,
      Bill bill,
      Usage served) {
    Price price = hops.last().map(Target::price).orElse(plan.model().price());
    return new LedgerRow(
        visit.tenantId(),
        visit.keyId(),
        visit.exchange().requestId(),
        visit.exchange().traceId(),
        plan.model().id(),
        hops.last().map(Target::id).orElse(plan.model().target()),
        plan.request().stream(),
        outcome,
        finish,
        bill.usage(),
        served,
        bill.isEstimated(),
        bill.cost(),
        price.id(),
        price.date(),
        hops.rows(),
        visit.startMillis(),
        clock.millis() - visit.startMillis(),
        visit.guard().mark());
  }

  private Line line(Visit visit, ChatPlan plan, Hops hops, String outcome) {
    return start(visit, outcome)
        .with(Names.REQUEST_MODEL, plan.model().id())
        .with(Names.RESPONSE_MODEL, hops.last().map(Target::id).orElse(plan.model().target()))
        .with("stream", plan.request().stream());
  }

  private Line start(Visit visit, String outcome) {
    return guard(visit, outcomeLine(visit, outcome));
  }

  /** What the guards did, in words and figures; nothing of what they found. */
  private static Line guard(Visit visit, Line line) {
    line.with("guard", visit.guard().verdict()).with("guards", visit.guard().mark().versions());
    line.with("guardFault", visit.guard().fault());
    if (visit.guard().blocked().isPresent()) {
      line.metric(Names.GUARD_BLOCKED, Line.Unit.COUNT, 1);
    }
    if (visit.guard().isMasked()) {
      line.metric(Names.GUARD_MASKED, Line.Unit.COUNT, 1);
    }
    if (visit.guard().bypasses() > 0) {
      line.metric(Names.GUARD_BYPASSED, Line.Unit.COUNT, visit.guard().bypasses());
    }
    return line;
  }

  private Line outcomeLine(Visit visit, String outcome) {
    return Line.info("request")
        .with("requestId", visit.exchange().requestId())
        .with("gatewayRequestId", visit.exchange().request().gatewayRequestId())
        .with("traceId", visit.exchange().traceId())
        .with("tenantId", visit.tenantId())
        .with("keyId", visit.keyId())
        .with("outcome", outcome)
        .with(Names.OPERATION, "chat")
        .metric(Names.REQUESTS, Line.Unit.COUNT, 1)
        .metric(
            Names.REQUEST_DURATION,
            Line.Unit.SECONDS,
            (clock.millis() - visit.startMillis()) / 1000.0);
  }

  /** Says what became of the writes, and counts each that was lost. */
  private static void written(
      Line line, Optional<Admission.Settlement> settlement, Ledger.Entry entry) {
    settlement.ifPresent(became -> line.with("settlement", became.name()));
    line.with("ledger", entry.name());
    int lost =
        (settlement.filter(Admission.Settlement.FAILED::equals).isPresent() ? 1 : 0)
            + (entry == Ledger.Entry.FAILED ? 1 : 0);
    if (lost > 0) {
      line.metric(Names.LOST_WRITES, Line.Unit.COUNT, lost);
    }
  }

  private static void count(Line line, Bill bill) {
    line.with("estimated", bill.isEstimated())
        .metric(Names.INPUT_TOKENS, Line.Unit.COUNT, bill.usage().promptTokens())
        .metric(Names.OUTPUT_TOKENS, Line.Unit.COUNT, bill.usage().outputTokens())
        .metric(Names.COST, Line.Unit.NONE, bill.cost().microUsd());
  }

  private static void count(Line line, Hops hops) {
    line.with("attempts", hops.attempts());
    if (hops.attempts() > 1) {
      line.with("hops", hops.line());
    }
    if (hops.retries() > 0) {
      line.metric(Names.RETRIES, Line.Unit.COUNT, hops.retries());
    }
    hops.degraded()
        .ifPresent(step ->
            line.with("degraded", step)
                .metric(Names.DEGRADED, Line.Unit.COUNT, 1)
                .metric(Names.DEGRADED + "." + step, Line.Unit.COUNT, 1));
    if (hops.shut() > 0) {
      line.metric(Names.BREAKER_OPEN, Line.Unit.COUNT, hops.shut());
    }
  }

  private static Usage usage(CompletionUsage usage) {
    return new Usage(
        usage.promptTokens() - usage.cachedTokens() - usage.cacheWriteTokens(),
        usage.completionTokens(),
        usage.cachedTokens(),
        usage.cacheWriteTokens(),
        0);
  }
}
