package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Reservation;
import dev.weir.endpoint.InferenceEndpoint;
import dev.weir.endpoint.InferenceEndpoint.Mode;
import dev.weir.ledger.Cost;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Names;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is written down when an invocation is over: the settlement, the ledger row, the line. */
final class EndpointBooks {
  private final Admission admission;
  private final Records records;
  private final Captures captures;
  private final InstantSource clock;
  private final RequestLines lines;

  EndpointBooks(
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

  /**
   * Books an admitted invocation.
   *
   * @param reply as far as it has come
   */
  void invoked(
      Visit visit,
      EndpointPlan plan,
      Reservation reservation,
      Ending ending,
      EndpointReply reply,
      Cost cost) {
    Admission.Settlement settlement = admission.settle(reservation, 0, cost.microUsd());
    String outcome = Hops.outcome(ending);
    Line line = line(visit, plan, outcome, cost);
    Ledger.Entry entry = records.served(visit, row(visit, plan, outcome, cost), line);
    RequestLines.fault(line, ending);
    capture(visit, plan, outcome, () -> answer(plan, reply), line);
    lines.write(line, Optional.of(settlement), entry);
  }

  /** A stream has passed, and the answer to an asynchronous invocation is still to come. */
  private static byte[] answer(EndpointPlan plan, EndpointReply reply) {
    return reply instanceof WholeReply whole && plan.mode() == Mode.SYNC
        ? Captured.body(whole.contentType(), whole.body())
        : Captured.bytes(reply.contentType(), reply.bytes());
  }

  private void capture(
      Visit visit, EndpointPlan plan, String outcome, Supplier<byte[]> answer, Line line) {
    captures.keep(
        visit,
        outcome,
        () -> Captured.body(plan.contentType(), visit.exchange().request().body()),
        answer,
        line);
  }

  /** Books an invocation whose reply was there already: served, not billed. */
  void replayed(Visit visit, EndpointPlan plan, KeptReply reply) {
    String outcome = Kept.REPLAY.outcome();
    Line line = line(visit, plan, outcome, Cost.ZERO);
    Ledger.Entry entry = records.served(visit, row(visit, plan, outcome, Cost.ZERO), line);
    capture(visit, plan, outcome, () -> Captured.body(reply.contentType(), reply.body()), line);
    lines.write(line, Optional.empty(), entry);
  }

  /** Notes a look at a result: one line, for nothing was spent. */
  void looked(Visit visit, InferenceEndpoint endpoint, String found) {
    lines.write(
        lines.start(visit, "looked").with(Names.REQUEST_MODEL, endpoint.id()).with("found", found));
  }

  private LedgerRow row(Visit visit, EndpointPlan plan, String outcome, Cost cost) {
    long millis = clock.millis() - visit.startMillis();
    return new LedgerRow(
        visit.tenantId(),
        visit.keyId(),
        visit.exchange().requestId(),
        visit.exchange().traceId(),
        plan.endpoint().id(),
        plan.endpoint().target(),
        plan.mode() == Mode.STREAM,
        outcome,
        Optional.empty(),
        Usage.ZERO,
        Usage.ZERO,
        false,
        cost,
        plan.endpoint().id(),
        plan.endpoint().price().date(),
        List.of(new LedgerRow.Hop(plan.endpoint().target(), outcome, millis, cost, Usage.ZERO)),
        visit.startMillis(),
        millis,
        visit.guard().mark(),
        Optional.empty(),
        Savings.NONE,
        Optional.empty());
  }

  private Line line(Visit visit, EndpointPlan plan, String outcome, Cost cost) {
    return lines
        .start(visit, outcome)
        .with(Names.REQUEST_MODEL, plan.endpoint().id())
        .with(Names.RESPONSE_MODEL, plan.endpoint().target())
        .with("mode", plan.mode().text())
        .metric(Names.COST, Line.Unit.NONE, cost.microUsd());
  }
}
