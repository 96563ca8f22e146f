package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.door.Problem;
import dev.weir.ledger.Ledger;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.InstantSource;
import java.util.Optional;

/** The one line a request leaves in the log, with its metrics. */
final class RequestLines {

  /** OpenTelemetry's name of Bedrock, which stands for SageMaker here, too. */
  private static final String PROVIDER = "aws.bedrock";

  private final InstantSource clock;
  private final Log log;

  RequestLines(InstantSource clock, Log log) {
    this.clock = clock;
    this.log = log;
  }

  /** The line of a request that was refused before anything was spent. */
  Line refused(Visit visit, Optional<String> model, Problem problem) {
    Optional<String> limit = Optional.ofNullable(problem.headers().get("x-weir-limit"));
    Line line =
        start(visit, "refused")
            .with(Names.REQUEST_MODEL, model)
            .with("code", problem.error().code())
            .with("status", problem.error().status())
            .with("limit", limit)
            .with(Names.REASON, limit.orElse(problem.error().code()))
            .metric(Names.REFUSED, Line.Unit.COUNT, 1)
            .countedBy(Names.REFUSED, Names.REASON);
    if (problem.error().code().equals("switched_off")) {
      line.metric(Names.SWITCHED_OFF, Line.Unit.COUNT, 1);
    }
    if (problem.error().code().equals("limiter_unavailable")) {
      line.metric(Names.LIMITER_UNAVAILABLE, Line.Unit.COUNT, 1);
    }
    return line;
  }

  /** A line that says whose request it was, how it ended, how long it took and what guards did. */
  Line start(Visit visit, String outcome) {
    Line line =
        Line.info("request")
            .with("requestId", visit.exchange().requestId())
            .with("gatewayRequestId", visit.exchange().request().gatewayRequestId())
            .with("traceId", visit.exchange().traceId())
            .with("tenantId", visit.tenantId())
            .with("keyId", visit.keyId())
            .with("outcome", outcome)
            .with("door", visit.door())
            .with(Names.OPERATION, operation(visit.door()))
            .with(Names.PROVIDER, PROVIDER)
            .metric(Names.REQUESTS, Line.Unit.COUNT, 1)
            .metric(
                Names.REQUEST_DURATION,
                Line.Unit.SECONDS,
                (clock.millis() - visit.startMillis()) / 1000.0);
    return guard(visit, line);
  }

  /** OpenTelemetry's name of what a door does, where it has one. */
  private static String operation(String door) {
    return switch (door) {
      case "responses" -> "chat";
      case "endpoints" -> "invoke_endpoint";
      default -> door;
    };
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

  /** Adds why it failed, if it did. */
  static void fault(Line line, Ending ending) {
    if (ending instanceof Ending.Failed(Fault fault)) {
      line.with("fault", fault.detail())
          .metric(
              fault.kind() == Fault.Kind.SWITCHED_OFF ? Names.SWITCHED_OFF : Names.FAULTS,
              Line.Unit.COUNT,
              1);
    }
  }

  /** Adds what was used and is charged. */
  static void count(Line line, Answer.Bill bill) {
    line.with("estimated", bill.isEstimated())
        .metric(Names.INPUT_TOKENS, Line.Unit.COUNT, bill.usage().promptTokens())
        .metric(Names.OUTPUT_TOKENS, Line.Unit.COUNT, bill.usage().outputTokens())
        .metric(Names.COST, Line.Unit.NONE, bill.cost().microUsd());
  }

  /** Writes the line with what became of the writes, and counts each that was lost. */
  void write(Line line, Optional<Admission.Settlement> settlement, Ledger.Entry entry) {
    settlement.ifPresent(became -> line.with("settlement", became.name()));
    line.with("ledger", entry.name());
    int lost =
        (settlement.filter(Admission.Settlement.FAILED::equals).isPresent() ? 1 : 0)
            + (entry == Ledger.Entry.FAILED ? 1 : 0);
    if (lost > 0) {
      line.metric(Names.LOST_WRITES, Line.Unit.COUNT, lost);
    }
    write(line);
  }

  /** Writes a line of a request that needed no writes. */
  void write(Line line) {
    log.write(line);
  }
}
