package dev.weir.admin;

import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.audit.AuditLog.Recorded;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes changes down before they are made: a change that cannot be audited is not made, and one
 * that then fails gets a second entry that says so.
 */
final class Changes {

  private static final String CHANGED = "changed";

  private final AuditLog audit;
  private final Log log;
  private final InstantSource clock;

  Changes(AuditLog audit, Log log, InstantSource clock) {
    this.audit = audit;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Makes a change.
   *
   * @param facts what was and what is to be; never a secret
   */
  Result audited(
      Caller caller,
      String chain,
      String action,
      String subject,
      Map<String, String> facts,
      Supplier<Result> change) {
    if (record(caller, chain, action, subject, CHANGED, facts) instanceof Recorded.Waiting) {
      return Refusals.notAudited();
    }
    Result result;
    try {
      result = change.get();
    } catch (RuntimeException e) {
      record(caller, chain, action, subject, "unknown", Map.of());
      throw e;
    }
    if (result instanceof Result.Refused(var error)) {
      record(caller, chain, action, subject, error.code(), Map.of());
    }
    return result;
  }

  /** Writes down a change that has been made and must not wait for this. */
  void done(Caller caller, String chain, String action, String subject, Map<String, String> facts) {
    record(caller, chain, action, subject, CHANGED, facts);
  }

  private Recorded record(
      Caller caller,
      String chain,
      String action,
      String subject,
      String decision,
      Map<String, String> facts) {
    Recorded recorded =
        audit.record(
            new AuditEntry(
                chain,
                caller.requestId(),
                clock.millis(),
                caller.principal(),
                action,
                subject,
                decision,
                facts));
    Line line =
        (recorded instanceof Recorded.Waiting ? Line.error("change") : Line.info("change"))
            .with("requestId", caller.requestId())
            .with("who", caller.principal())
            .with("action", action)
            .with("subject", subject)
            .with("decision", decision);
    if (recorded instanceof Recorded.Waiting) {
      line.metric(Names.LOST_WRITES, Line.Unit.COUNT, 1);
    }
    log.write(line);
    return recorded;
  }
}
