package dev.weir.admission;

import dev.weir.store.TenantTable;
import dev.weir.tenant.Sharding;
import java.util.Optional;

/** Tells when one of a tenant's items nears what DynamoDB takes on one item. */
final class Heat {

  private static final double MOST_WRITE_UNITS = 0.6 * Sharding.ITEM_WRITE_UNITS;
  private static final double MILLIS = 1000;

  private Heat() {}

  /**
   * An alarm if the item took more than 600 write units a second in the last minute; raised by the
   * first admission of each slot alone.
   *
   * @param view the item with that admission in it
   */
  static Optional<LimiterAlarm> of(View view, long now, LimiterSettings settings) {
    Counter requests = view.window().requests();
    long before = requests.marks().getOrDefault(settings.slotAt(now), requests.total());
    double calls = callsPerSecond(view, now, settings);
    return before == requests.total() - 1
            && Sharding.writeUnits(calls, view.leases().size()) > MOST_WRITE_UNITS
        ? Optional.of(alarm(view, advised(view, calls)))
        : Optional.empty();
  }

  /** An alarm if DynamoDB throttled the item: it needs twice the shards, or more. */
  static Optional<LimiterAlarm> ofThrottled(
      View view, RuntimeException fault, long now, LimiterSettings settings) {
    if (!TenantTable.isThrottled(fault)) {
      return Optional.empty();
    }
    int twice = Math.min(Sharding.MOST, 2 * view.tenant().shards());
    return Optional.of(
        alarm(view, Math.max(twice, advised(view, callsPerSecond(view, now, settings)))));
  }

  private static LimiterAlarm alarm(View view, int advised) {
    return new LimiterAlarm.HotTenant(view.tenant().id(), view.tenant().shards(), advised);
  }

  private static int advised(View view, double calls) {
    int shards = view.tenant().shards();
    return Sharding.advised(calls * shards, (long) view.leases().size() * shards);
  }

  private static double callsPerSecond(View view, long now, LimiterSettings settings) {
    long used = view.window().requestsUsed(settings.firstSlot(now));
    return MILLIS * used / settings.window().plus(settings.margin()).toMillis();
  }
}
