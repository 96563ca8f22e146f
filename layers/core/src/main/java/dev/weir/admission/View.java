package dev.weir.admission;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One image of one of a tenant's items and the moment the request that returned it was sent: it
 * shows everything written before that moment. Immutable.
 *
 * @param slice the part of the tenant's limits that is this item's to admit
 * @param items how many items the tenant has ever had
 * @param cut when the tenant's slices were last cut anew, epoch milliseconds; its own item knows
 * @param budgets micro-USD by day and month window
 * @param spent micro-USD ever
 * @param leases by call id
 */
record View(
    Shard shard,
    Tenant tenant,
    Limits slice,
    int items,
    long cut,
    String generation,
    RollingWindow window,
    Map<String, Long> budgets,
    long spent,
    Map<String, Lease> leases,
    Reading sent) {

  private static final int LONGEST_FIXED_NAME = 3;
  private static final int RADIX = 36;

  static View of(Shard shard, Item item, Reading sent) {
    NavigableMap<Long, Long> requests = new TreeMap<>();
    NavigableMap<Long, Long> tokens = new TreeMap<>();
    NavigableMap<Long, Long> refunds = new TreeMap<>();
    Map<String, Long> budgets = new HashMap<>();
    for (String name : item.names()) {
      if (name.length() > LONGEST_FIXED_NAME) {
        switch (name.charAt(0)) {
          case 'r' -> requests.put(slot(name), item.number(name));
          case 't' -> tokens.put(slot(name), item.number(name));
          case 'f' -> refunds.put(slot(name), item.number(name));
          default -> budgets.put(name, item.number(name));
        }
      }
    }
    return new View(
        shard,
        Tenant.of(shard.tenantId(), item),
        Limits.of(item),
        (int) item.findNumber(TenantItem.ITEMS).orElse(1),
        item.findNumber(TenantItem.CUT).orElse(0),
        item.text(TenantItem.GENERATION),
        new RollingWindow(
            new Counter(item.number(TenantItem.REQUESTS), requests),
            new Counter(item.number(TenantItem.TOKENS), tokens),
            item.number(TenantItem.NET_TOKENS),
            refunds),
        budgets,
        item.number(TenantItem.SPENT),
        leases(item.map(TenantItem.LEASES)),
        sent);
  }

  /** The same with another slice of the limits. */
  View with(Limits other) {
    return new View(
        shard, tenant, other, items, cut, generation, window, budgets, spent, leases, sent);
  }

  static String requestMark(long slot) {
    return name('r', slot);
  }

  static String tokenMark(long slot) {
    return name('t', slot);
  }

  static String refund(long slot) {
    return name('f', slot);
  }

  private static String name(char prefix, long slot) {
    return prefix + Long.toString(slot, RADIX);
  }

  private static long slot(String name) {
    return Long.parseLong(name, 1, name.length(), RADIX);
  }

  private static Map<String, Lease> leases(Item item) {
    Map<String, Lease> leases = new HashMap<>();
    item.names().forEach(id -> leases.put(id, Lease.parse(item.text(id))));
    return leases;
  }
}
