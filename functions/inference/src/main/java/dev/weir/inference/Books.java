package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Reservation;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatCompletionWriter;
import dev.weir.api.CompletionUsage;
import dev.weir.cache.CacheKey;
import dev.weir.cache.Flight;
import dev.weir.cache.ResponseCache;
import dev.weir.inference.Answer.Bill;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Price;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.StopReason;
import dev.weir.route.Target;
import dev.weir.stream.CompletionFold;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Names;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What is written down when a request is over: the settlement, the ledger row, the cache entry and
 * one log line with its metrics. Runs after the last byte has left, where the runtime allows.
 */
final class Books {

  private final Admission admission;
  private final Records records;
  private final ResponseCache cache;
  private final Captures captures;
  private final InstantSource clock;
  private final RequestLines lines;

  Books(
      Admission admission,
      Records records,
      ResponseCache cache,
      Captures captures,
      InstantSource clock,
      RequestLines lines) {
    this.admission = admission;
    this.records = records;
    this.cache = cache;
    this.captures = captures;
    this.clock = clock;
    this.lines = lines;
  }

  /**
   * Books a request that a model was asked.
   *
   * @return whether its answer is kept in the cache
   */
  boolean asked(
      Visit visit,
      ChatPlan plan,
      Reservation reservation,
      Answer answer,
      Ending ending,
      Hops hops,
      PaidAnswers.Place place) {
    CompletionFold fold = answer.fold();
    Bill bill = Billing.call(visit, hops);
    // A stand-in's answer is not what the key stands for.
    boolean isKept =
        keep(
            visit,
            plan,
            fold,
            ending,
            hops.degraded().isEmpty() ? place.key() : Optional.empty(),
            place.flight());
    Admission.Settlement settlement =
        admission.settle(reservation, bill.usage().totalTokens(), bill.cost().microUsd());
    Optional<String> finish = fold.stopReason().map(reason -> fold.completion().finishReason());
    String outcome = hops.isStale() ? "stale" : Hops.outcome(ending);
    Line line = line(visit, plan, hops, outcome);
    Ledger.Entry entry =
        records.served(visit, row(visit, plan, hops, outcome, finish, bill, bill.usage()), line);
    answer
        .firstContentMillis()
        .ifPresent(at ->
            line.metric(
                Names.TIME_TO_FIRST_TOKEN, Line.Unit.SECONDS, (at - visit.startMillis()) / 1000.0));
    RequestLines.fault(line, ending);
    finish.ifPresent(reason -> line.with(Names.FINISH_REASON, List.of(reason)));
    RequestLines.count(line, bill);
    HopMetrics.count(line, hops, hops.saved(plan.model().price()));
    count(line, visit.retrieval());
    if (bill.usage().totalTokens() > reservation.tokens()
        || bill.cost().microUsd() > reservation.microUsd()) {
      line.with("reservedTokens", reservation.tokens())
          .metric(Names.UNDER_RESERVED, Line.Unit.COUNT, 1);
    }
    captures.keep(visit, outcome, () -> ChatCompletionWriter.bytes(fold.completion()), line);
    lines.write(line, Optional.of(settlement), entry);
    return isKept;
  }

  private boolean keep(
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
            && !visit.retrieval().isSkipped()
            && fold.stopReason().map(StopReason::isClean).orElse(false);
    if (isClean && key.isPresent()) {
      cache.fill(
          key.get(),
          visit.exchange().requestId(),
          ChatCompletionWriter.bytes(fold.completion()),
          plan.model().cache().timeToLive());
      return true;
    }
    flight.ifPresent(cache::abandon);
    return false;
  }

  /** Books a request answered by the answer to a similar one: what the search took is billed. */
  void similar(
      Visit visit,
      ChatPlan plan,
      Reservation reservation,
      Hops hops,
      ChatCompletion kept,
      double cosine) {
    Bill bill = Billing.call(visit, hops);
    Admission.Settlement settlement =
        admission.settle(reservation, bill.usage().totalTokens(), bill.cost().microUsd());
    Line line =
        line(visit, plan, hops, Kept.SIMILAR.outcome())
            .with("similarity", "%.3f".formatted(cosine))
            .metric(Names.SIMILAR_HITS, Line.Unit.COUNT, 1);
    LedgerRow row =
        row(
            visit,
            plan,
            hops,
            Kept.SIMILAR.outcome(),
            Optional.of(kept.finishReason()),
            bill,
            kept.usage().map(Books::usage).orElse(Usage.ZERO));
    Ledger.Entry entry = records.served(visit, row, line);
    captures.keep(visit, Kept.SIMILAR.outcome(), () -> ChatCompletionWriter.bytes(kept), line);
    RequestLines.count(line, bill);
    lines.write(line, Optional.of(settlement), entry);
  }

  /** Books an admitted request that a guard stopped before any model was asked. */
  void stopped(Visit visit, ChatPlan plan, Reservation reservation, String outcome) {
    Bill bill = Billing.call(visit, new Hops());
    Admission.Settlement settlement = admission.settle(reservation, 0, bill.cost().microUsd());
    Line line = line(visit, plan, new Hops(), outcome);
    Ledger.Entry entry =
        records.served(
            visit, row(visit, plan, new Hops(), outcome, Optional.empty(), bill, Usage.ZERO), line);
    RequestLines.count(line, bill);
    count(line, visit.retrieval());
    lines.write(line, Optional.of(settlement), entry);
  }

  /** Books a request whose answer was there already: served, not billed. */
  void kept(Visit visit, ChatPlan plan, Kept from, ChatCompletion kept) {
    Bill bill = new Bill(Usage.ZERO, Cost.ZERO, false);
    Usage served = kept.usage().map(Books::usage).orElse(Usage.ZERO);
    Line line = line(visit, plan, new Hops(), from.outcome());
    Ledger.Entry entry =
        records.served(
            visit,
            row(
                visit,
                plan,
                new Hops(),
                from.outcome(),
                Optional.of(kept.finishReason()),
                bill,
                served),
            line);
    if (from == Kept.CACHE) {
      line.metric(Names.CACHE_HITS, Line.Unit.COUNT, 1);
    }
    RequestLines.count(line, bill);
    captures.keep(visit, from.outcome(), () -> ChatCompletionWriter.bytes(kept), line);
    lines.write(line, Optional.empty(), entry);
  }

  private LedgerRow row(
      Visit visit,
      ChatPlan plan,
      Hops hops,
      String outcome,
      Optional<String> finish,
      Bill bill,
      Usage served) {
    Price price = hops.answering().map(Target::price).orElse(plan.model().price());
    return new LedgerRow(
        visit.tenantId(),
        visit.keyId(),
        visit.exchange().requestId(),
        visit.exchange().traceId(),
        plan.model().id(),
        hops.answering().map(Target::id).orElse(plan.model().target()),
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
        visit.guard().mark(),
        visit.retrieval().mark(),
        hops.saved(plan.model().price()),
        hops.cascade());
  }

  private Line line(Visit visit, ChatPlan plan, Hops hops, String outcome) {
    return lines
        .start(visit, outcome)
        .with(Names.REQUEST_MODEL, plan.model().id())
        .with(Names.RESPONSE_MODEL, hops.answering().map(Target::id).orElse(plan.model().target()))
        .with(Names.STREAM, plan.request().stream());
  }

  private static void count(Line line, RetrievalTrail retrieval) {
    retrieval
        .mark()
        .ifPresent(mark -> {
          line.with("retrieval", mark.outcome())
              .with("retrievalMs", mark.millis())
              .metric(Names.RETRIEVALS, Line.Unit.COUNT, 1);
          if (retrieval.isSkipped()) {
            line.metric(Names.RETRIEVALS_SKIPPED, Line.Unit.COUNT, 1);
          }
        });
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
