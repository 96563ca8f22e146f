package dev.weir.admission;

/** What refused a call. */
public enum Dimension {
  REQUESTS,
  TOKENS,
  CONCURRENCY,
  DAY_BUDGET,
  MONTH_BUDGET,
  LIFETIME_BUDGET,
  /** The tenant is unknown or not active. */
  TENANT_STATUS,
  /** The key was revoked, has expired or does not belong to the tenant. */
  KEY,
  /** The key's allow-list does not name the model. */
  MODEL,
  /** The call alone asks for more tokens than the tenant's limit: it can never pass. */
  TOO_LARGE,
  /** The limits could not be read or written, or the clock cannot be trusted. */
  UNAVAILABLE
}
