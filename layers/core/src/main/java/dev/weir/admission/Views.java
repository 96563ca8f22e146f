package dev.weir.admission;

import java.util.LinkedHashMap;
import java.util.Optional;

/** The newest view of each of the tenants used last. Thread-safe. */
final class Views {

  private static final int MOST = 1024;

  private final LinkedHashMap<String, View> byTenant = new LinkedHashMap<>(16, 0.75f, true);

  synchronized Optional<View> find(String tenantId) {
    return Optional.ofNullable(byTenant.get(tenantId));
  }

  /** Keeps the view unless one that was asked for later is there. */
  synchronized void keep(View view) {
    byTenant.merge(
        view.tenant().id(),
        view,
        (kept, found) -> kept.sent().nanos() - found.sent().nanos() > 0 ? kept : found);
    if (byTenant.size() > MOST) {
      byTenant.remove(byTenant.firstEntry().getKey());
    }
  }

  synchronized void forget(String tenantId) {
    byTenant.remove(tenantId);
  }
}
