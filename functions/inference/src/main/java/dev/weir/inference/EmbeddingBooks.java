package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Reservation;
import dev.weir.cache.EmbeddingKey;
import dev.weir.inference.Answer.Bill;
import dev.weir.inference.EmbeddingAttempts.Answered;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.model.Embedding;
import dev.weir.model.Fault;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Names;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is written down when a request for vectors is over. */
final class EmbeddingBooks {

  private final Admission admission;
  private final Records records;
  private final Captures captures;
  private final InstantSource clock;
  private final RequestLines lines;

  EmbeddingBooks(
      Admission admission,
      Records records,
      Captures captures,
      InstantSource clock,
      RequestLines lines) {
    this.admission = admission;
    this.records = records;
    this.captures = captures;
    this.clock = clock;
    this.lines = lines;
  }

  /** What a call is charged: the model's tokens for what was not kept, and the guards. */
  static Bill bill(Visit visit, EmbeddingPlan plan, Answered answered) {
    Usage usage = Usage.of(answered.tokens(), 0);
    return new Bill(
        usage, plan.model().price().of(usage).plus(visit.guard().cost()), answered.isEstimated());
  }

  /** Books a request that the model was asked. */
  void asked(
      Visit visit,
      EmbeddingPlan plan,
      Map<EmbeddingKey, Embedding> kept,
      Answered answered,
      Reservation reservation) {
    Bill bill = bill(visit, plan, answered);
    boolean isWhole = answered.fault().isEmpty();
    Admission.Settlement settlement =
        admission.settle(reservation, bill.usage().totalTokens(), bill.cost().microUsd());
    String outcome =
        answered
            .fault()
            .map(fault -> fault.kind().name().toLowerCase(Locale.ROOT))
            .orElse("complete");
    Usage served =
        isWhole ? EmbeddingAnswers.usage(EmbeddingAnswers.all(plan, kept, answered)) : bill.usage();
    long millis = clock.millis() - visit.startMillis();
    List<LedgerRow.Hop> hops =
        answered.attempts() == 0 ? List.of() : List.of(hop(plan, answered, outcome, millis));
    Line line =
        line(visit, plan, outcome)
            .with("cached", kept.size())
            .with("attempts", answered.attempts());
    Ledger.Entry entry = records.served(visit, row(visit, plan, outcome, bill, served, hops), line);
    answered
        .fault()
        .ifPresent(fault ->
            line.with("fault", fault.detail())
                .metric(
                    fault.kind() == Fault.Kind.SWITCHED_OFF ? Names.SWITCHED_OFF : Names.FAULTS,
                    Line.Unit.COUNT,
                    1));
    RequestLines.count(line, bill);
    if (bill.usage().totalTokens() > reservation.tokens()
        || bill.cost().microUsd() > reservation.microUsd()) {
      line.with("reservedTokens", reservation.tokens())
          .metric(Names.UNDER_RESERVED, Line.Unit.COUNT, 1);
    }
    capture(visit, plan, outcome, isWhole ? plan.keys().size() : 0, line);
    lines.write(line, Optional.of(settlement), entry);
  }

  private void capture(Visit visit, EmbeddingPlan plan, String outcome, int vectors, Line line) {
    captures.keep(visit, outcome, () -> Captured.vectors(vectors, plan.dimensions()), line);
  }

  private static LedgerRow.Hop hop(
      EmbeddingPlan plan, Answered answered, String outcome, long millis) {
    Usage usage = Usage.of(answered.tokens(), 0);
    return new LedgerRow.Hop(
        plan.model().target(),
        outcome,
        millis,
        plan.model().price().of(usage),
        usage,
        answered.attempts(),
        "");
  }

  /** Books an admitted request that a guard stopped before the model was asked. */
  void stopped(Visit visit, EmbeddingPlan plan, Reservation reservation, String outcome) {
    Bill bill = new Bill(Usage.ZERO, visit.guard().cost(), false);
    Admission.Settlement settlement = admission.settle(reservation, 0, bill.cost().microUsd());
    Line line = line(visit, plan, outcome);
    Ledger.Entry entry =
        records.served(visit, row(visit, plan, outcome, bill, Usage.ZERO, List.of()), line);
    RequestLines.count(line, bill);
    lines.write(line, Optional.of(settlement), entry);
  }

  /** Books a request whose vectors were all there: served, not billed. */
  void kept(Visit visit, EmbeddingPlan plan, Kept from, List<Embedding> embeddings) {
    Bill bill = new Bill(Usage.ZERO, Cost.ZERO, false);
    Line line = line(visit, plan, from.outcome()).with("cached", plan.inputs().size());
    LedgerRow row =
        row(visit, plan, from.outcome(), bill, EmbeddingAnswers.usage(embeddings), List.of());
    Ledger.Entry entry = records.served(visit, row, line);
    if (from == Kept.CACHE) {
      line.metric(Names.CACHE_HITS, Line.Unit.COUNT, 1);
    }
    RequestLines.count(line, bill);
    capture(visit, plan, from.outcome(), embeddings.size(), line);
    lines.write(line, Optional.empty(), entry);
  }

  private LedgerRow row(
      Visit visit,
      EmbeddingPlan plan,
      String outcome,
      Bill bill,
      Usage served,
      List<LedgerRow.Hop> hops) {
    return new LedgerRow(
        visit.tenantId(),
        visit.keyId(),
        visit.exchange().requestId(),
        visit.exchange().traceId(),
        plan.model().id(),
        plan.model().target(),
        false,
        outcome,
        Optional.empty(),
        bill.usage(),
        served,
        bill.isEstimated(),
        bill.cost(),
        plan.model().price().id(),
        plan.model().price().date(),
        hops,
        visit.startMillis(),
        clock.millis() - visit.startMillis(),
        visit.guard().mark(),
        Optional.empty(),
        Savings.NONE,
        Optional.empty());
  }

  private Line line(Visit visit, EmbeddingPlan plan, String outcome) {
    return lines
        .start(visit, outcome)
        .with(Names.REQUEST_MODEL, plan.model().id())
        .with(Names.RESPONSE_MODEL, plan.model().target())
        .with("inputs", plan.keys().size());
  }
}
