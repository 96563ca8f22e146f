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
    Map<Character, NavigableMap<Long, Long>> marks =
        Map.of('r', new TreeMap<>(), 't', new TreeMap<>(), 'f', new TreeMap<>());
    Map<String, Long> budgets = new HashMap<>();
    for (String name : item.names()) {
      if (name.length() > LONGEST_FIXED_NAME) {
        NavigableMap<Long, Long> slots = marks.get(name.charAt(0));
        if (slots == null) {
          budgets.put(name, item.number(name));
        } else {
          slots.put(Long.parseLong(name, 1, name.length(), RADIX), item.number(name));
        }
      }
    }
    Counter requests = new Counter(item.number(TenantItem.REQUESTS), marks.get('r'));
    Counter tokens = new Counter(item.number(TenantItem.TOKENS), marks.get('t'));
    return new View(
        Tenant.of(tenantId, item),
        item.text(TenantItem.GENERATION),
        new RollingWindow(requests, tokens, item.number(TenantItem.NET_TOKENS), marks.get('f')),
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

  private static Map<String, Lease> leases(Item item) {
    Map<String, Lease> leases = new HashMap<>();
    item.names().forEach(id -> leases.put(id, Lease.parse(item.text(id))));
    return leases;
  }
}
