package dev.weir.inference;

import dev.weir.admission.TokenEstimate;
import dev.weir.guard.Direction;
import dev.weir.guard.GuardBook;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.TenantDirectory;

/**
 * Runs a door's classes once before a snapshot is taken, so that the first call after a restore is
 * a warm one. Reads one item that is not there; asks no model and spends nothing.
 */
final class Priming {

  private static final String NOBODY = "PRIMING";

  private final Runnable path;
  private final TenantDirectory tenants;
  private final GuardBook guards;
  private final Log log;

  /**
   * @param path what only this door runs
   */
  Priming(Runnable path, TenantDirectory tenants, GuardBook guards, Log log) {
    this.path = path;
    this.tenants = tenants;
    this.guards = guards;
    this.log = log;
  }

  void run() {
    path.run();
    new TokenEstimate().text("load the vocabulary ".repeat(20), EstimateMode.TOKENS);
    // The number makes sets that look for phones load the numbering plans.
    guards.all().forEach(set -> set.judge(Direction.INPUT, "call +1 415 555 2671"));
    try {
      tenants.tenant(NOBODY);
    } catch (RuntimeException e) {
      log.write(Line.warn("not_primed").with(e));
      return;
    }
    log.write(Line.info("primed"));
  }
}
