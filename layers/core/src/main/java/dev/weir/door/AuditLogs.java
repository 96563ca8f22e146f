package dev.weir.door;

import dev.weir.audit.AuditLog;
import dev.weir.audit.Chains;
import dev.weir.audit.SegmentedLog;
import dev.weir.store.AuditTable;
import dev.weir.telemetry.Log;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/** The audit log that the settings ask for. */
public final class AuditLogs {

  private AuditLogs() {}

  /**
   * A log of segments of this environment; {@link AuditLog#OFF} where nothing is declared.
   *
   * @param table where the ledger's rows are
   */
  public static AuditLog of(
      Optional<Settings.Audit> audit, AuditTable table, Clock clock, SecureRandom random, Log log) {
    return chains(audit, table, clock, random)
        .<AuditLog>map(chains -> new SegmentedLog(chains, clock, log))
        .orElse(AuditLog.OFF);
  }

  /**
   * The chains the settings ask for; empty where nothing is declared.
   *
   * @param table where the ledger's rows are
   */
  public static Optional<Chains> chains(
      Optional<Settings.Audit> audit, AuditTable table, Clock clock, SecureRandom random) {
    return audit.map(
        declared -> new Chains(table, declared.retention(), clock, Ids.segments(random), random));
  }
}
