package dev.weir.inference;

import dev.weir.capacity.Capacities;
import dev.weir.capacity.Capacity;
import dev.weir.ledger.LedgerRow;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import dev.weir.telemetry.Names;

/**
 * Says which share of a minute's quota each attempt took, of quotas that are declared: added up
 * over a minute, how much of them is used. One line of the log for each.
 */
final class QuotaUse {

  private final Capacities capacities;
  private final Log log;

  QuotaUse(Capacities capacities, Log log) {
    this.capacities = capacities;
    this.log = log;
  }

  /** Counts the attempts of one request, those too that the target turned away. */
  void count(LedgerRow row) {
    for (LedgerRow.Hop hop : row.hops()) {
      capacities.find(hop.target()).ifPresent(capacity -> count(row.requestId(), capacity, hop));
    }
  }

  private void count(String requestId, Capacity capacity, LedgerRow.Hop hop) {
    capacity
        .requestsPerMinute()
        .ifPresent(quota -> write(requestId, hop, "requests", share(hop.requests(), quota)));
    capacity
        .tokens()
        .ifPresent(quota ->
            write(requestId, hop, "tokens", share(quota.taken(hop.usage()), quota.perMinute())));
  }

  private static double share(long taken, long quota) {
    return 100.0 * taken / quota;
  }

  private void write(String requestId, LedgerRow.Hop hop, String quota, double percent) {
    log.write(
        Line.info("quota")
            .with("requestId", requestId)
            .with(Names.TARGET, hop.target())
            .with(Names.QUOTA, quota)
            .metric(Names.QUOTA_PERCENT, Line.Unit.PERCENT, percent));
  }
}
