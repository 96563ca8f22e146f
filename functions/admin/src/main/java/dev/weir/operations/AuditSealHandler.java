package dev.weir.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.audit.AuditEntry;
import dev.weir.audit.Chains;
import dev.weir.store.TenantPage;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;
import dev.weir.tenant.TenantDirectory;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Seals the audit segments of environments that are gone, in the chain of every tenant and in that
 * of what belongs to none. What is sealed already stays as it is, and a writer that comes back
 * begins another segment, so it may run whenever and however often. A chain that fails is left to
 * the next run.
 */
public final class AuditSealHandler implements RequestStreamHandler {

  private static final int PAGE = 100;

  private final Optional<Chains> chains;
  private final TenantDirectory tenants;
  private final Log log;

  /** Wired from the function's environment variables. */
  public AuditSealHandler() {
    this(new Wiring());
  }

  private AuditSealHandler(Wiring wiring) {
    this(wiring.chains(), wiring.tenants(), wiring.log());
    wiring.announce("audit-seal");
  }

  /**
   * @param chains empty where nothing is audited
   */
  AuditSealHandler(Optional<Chains> chains, TenantDirectory tenants, Log log) {
    this.chains = chains;
    this.tenants = tenants;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context) {
    chains.ifPresent(this::seal);
  }

  private void seal(Chains audited) {
    seal(audited, AuditEntry.ADMIN);
    Optional<String> after = Optional.empty();
    do {
      TenantPage page = tenants.page(after, PAGE);
      page.ids().forEach(tenant -> seal(audited, tenant));
      after = page.next();
    } while (after.isPresent());
  }

  private void seal(Chains audited, String chain) {
    try {
      int sealed = audited.sealAbandoned(chain);
      if (sealed > 0) {
        log.write(Line.info("audit_sealed").with("chain", chain).with("segments", sealed));
      }
    } catch (RuntimeException e) {
      log.write(
          Line.error("audit_unsealed")
              .with("chain", chain)
              .with(e)
              .metric(Names.AUDIT_FAILURES, Line.Unit.COUNT, 1));
    }
  }
}
