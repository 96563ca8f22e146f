package dev.weir.admission;

import java.util.List;
import java.util.Map;

/** Which leases of crashed calls a reservation removes. */
final class Reclaim {

  private static final int MOST = 6;

  private Reclaim() {}

  /** Leases that ended more than 2 M ago, so that they have ended by every clock. */
  static List<Map.Entry<String, Lease>> from(
      View view, Ask ask, long now, LimiterSettings settings) {
    long ended = now - 2 * settings.margin().toMillis();
    return view.leases().entrySet().stream()
        .filter(lease -> lease.getValue().expiry() < ended)
        .filter(lease -> !lease.getKey().equals(ask.callId()))
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST)
        .toList();
  }
}
