package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.audit.AuditEntry;
import dev.weir.audit.AuditLog;
import dev.weir.audit.AuditLog.Recorded;
import dev.weir.audit.AuditedRow;
import dev.weir.door.Problem;
import dev.weir.hash.Sha256;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import dev.weir.store.LedgerItem;
import dev.weir.telemetry.Line;
import dev.weir.tenant.Tenant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Keeps what was decided of each request: the ledger row of one that was admitted, and the audit
 * entry, both in one item where the chain takes them at once. Refusals are counted, but for those
 * by guards and switches, which get an entry each.
 */
final class Records {

  private final Ledger ledger;
  private final AuditLog audit;
  private final Admission admission;
  private final Supplier<String> catalog;
  private final QuotaUse quotas;

  /**
   * @param catalog the digest of the catalog the environment runs with; asked once something is
   *     audited
   */
  Records(
      Ledger ledger,
      AuditLog audit,
      Admission admission,
      Supplier<String> catalog,
      QuotaUse quotas) {
    this.ledger = ledger;
    this.audit = audit;
    this.admission = admission;
    this.catalog = catalog;
    this.quotas = quotas;
  }

  /** Keeps a request that was admitted, and says on its line where. */
  Ledger.Entry served(Visit visit, LedgerRow row, Line line) {
    quotas.count(row);
    if (audit == AuditLog.OFF) {
      return ledger.write(row);
    }
    Recorded recorded = audit.record(entry(visit, row));
    witness(line, recorded);
    return recorded instanceof Recorded.Written written && written.hasRow()
        ? Ledger.Entry.WRITTEN
        : ledger.writeApart(row);
  }

  /** Keeps, or counts, a request that was refused before anything was spent. */
  void refused(Visit visit, Optional<String> model, Problem problem, Line line) {
    if (audit == AuditLog.OFF) {
      return;
    }
    String code = problem.error().code();
    if (!problem.isByGuard() && !code.equals("switched_off")) {
      audit.refused(visit.tenantId(), code);
      return;
    }
    SortedMap<String, String> facts = judged(visit);
    if (code.equals("switched_off")) {
      facts.put("why", problem.error().message());
    }
    witness(
        line,
        audit.record(entry(visit, visit.door(), model.orElse(""), code, facts, Optional.empty())));
  }

  /**
   * Keeps a change that a tenant has made to what is kept of it, and says on its line where.
   *
   * @param action such as {@code response.delete}
   * @param subject the id of what was changed
   */
  void changed(Visit visit, String action, String subject, Line line) {
    if (audit != AuditLog.OFF) {
      witness(
          line,
          audit.record(entry(visit, action, subject, "changed", judged(visit), Optional.empty())));
    }
  }

  private AuditEntry entry(Visit visit, LedgerRow row) {
    return entry(
        visit,
        visit.door(),
        row.model(),
        row.outcome(),
        facts(visit),
        Optional.of(LedgerItem.audited(row)));
  }

  private static AuditEntry entry(
      Visit visit,
      String action,
      String subject,
      String decision,
      SortedMap<String, String> facts,
      Optional<AuditedRow> row) {
    return new AuditEntry(
        visit.tenantId(),
        visit.exchange().requestId(),
        visit.startMillis(),
        "key:" + visit.keyId(),
        action,
        subject,
        decision,
        facts,
        row);
  }

  /** The same, and what a row would say: what guards did before anything was spent. */
  private SortedMap<String, String> judged(Visit visit) {
    SortedMap<String, String> facts = facts(visit);
    visit.exchange().traceId().ifPresent(trace -> facts.put("xray", trace));
    facts.put("guards", visit.guard().mark().versions());
    facts.put("guard", visit.guard().verdict());
    return facts;
  }

  /** Which data, and under which policies. */
  private SortedMap<String, String> facts(Visit visit) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("request", HexFormat.of().formatHex(Sha256.of(visit.exchange().request().body())));
    facts.put("catalog", catalog.get());
    admission
        .tenant(visit.tenantId())
        .map(Tenant::version)
        .ifPresent(version -> facts.put("config", Long.toString(version)));
    return facts;
  }

  /** The log is a second place that knows the entry's digest. */
  private static void witness(Line line, Recorded recorded) {
    switch (recorded) {
      case Recorded.Written(String segment, long seq, String hash, boolean _) ->
          line.with("audit", "%s#%010d %s".formatted(segment, seq, hash));
      case Recorded.Waiting _ -> line.with("audit", "waiting");
      case Recorded.Off _ -> {}
    }
  }
}
