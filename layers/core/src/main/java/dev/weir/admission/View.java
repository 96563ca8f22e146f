package dev.weir.admission;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import dev.weir.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One image of a tenant's item and the moment the request that returned it was sent: it shows
 * everything written before that moment. Immutable.
 *
 * @param budgets micro-USD by day and month window
 * @param spent micro-USD ever
 * @param leases by call id
 */
record View(
    Tenant tenant,
    String generation,
    RollingWindow window,
    Map<String, Long> budgets,
    long spent,
    Map<String, Lease> leases,
    Reading sent) {

  private static final int LONGEST_FIXED_NAME = 3;
  private static final int RADIX = 36;

  static View of(String tenantId, Item item, Reading sent) {
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
        Tenant.of(tenantId, item),
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
