package dev.weir.admission;

import dev.weir.store.TenantItem;

/**
 * One of the items that share a tenant's limits.
 *
 * @param index 0 for the tenant's own item
 */
record Shard(String tenantId, int index) {

  /** The item's id in the table of tenants. */
  String itemId() {
    return TenantItem.id(tenantId, index);
  }
}
