package dev.weir.ledger;

/**
 * That a tenant's budget is used to a mark: at most one per mark, tenant and period.
 *
 * @param period {@code day} or {@code month}
 * @param window the UTC day or month, such as {@code 2026-11-22} or {@code 2026-11}
 * @param percent 50, 80 or 100
 * @param switchesOff whether the tenant is to be switched off for it
 */
public record Notice(
    String tenantId,
    String period,
    String window,
    int percent,
    long usedMicroUsd,
    long limitMicroUsd,
    long atMillis,
    boolean switchesOff) {

  /** Names it wherever it goes, so that who receives it twice can tell. */
  public String id() {
    return tenantId + "#" + window + "#" + percent;
  }
}
