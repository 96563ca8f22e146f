package dev.weir.admission;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The newest view of each item of the tenants used last. Thread-safe. */
final class Views {

  private static final int MOST = 1024;

  private final LinkedHashMap<String, Map<Integer, View>> byTenant =
      new LinkedHashMap<>(16, 0.75f, true);

  synchronized Optional<View> find(Shard shard) {
    return Optional.ofNullable(of(shard.tenantId()).get(shard.index()));
  }

  /** The newest view of any of the tenant's items: it knows best how many take part. */
  synchronized Optional<View> newest(String tenantId) {
    return of(tenantId).values().stream().max(Comparator.comparing(View::sent, Reading::compare));
  }

  /** The views of the items that take part. */
  synchronized List<View> all(String tenantId) {
    int shards = newest(tenantId).map(view -> view.tenant().shards()).orElse(0);
    return of(tenantId).values().stream().filter(view -> view.shard().index() < shards).toList();
  }

  /** Keeps the view unless one that was asked for later is there. */
  synchronized void keep(View view) {
    byTenant
        .computeIfAbsent(view.shard().tenantId(), id -> new HashMap<>())
        .merge(
            view.shard().index(),
            view,
            (kept, found) -> Reading.compare(kept.sent(), found.sent()) > 0 ? kept : found);
    if (byTenant.size() > MOST) {
      byTenant.remove(byTenant.firstEntry().getKey());
    }
  }

  synchronized void forget(Shard shard) {
    of(shard.tenantId()).remove(shard.index());
  }

  private Map<Integer, View> of(String tenantId) {
    return byTenant.getOrDefault(tenantId, new HashMap<>());
  }
}
