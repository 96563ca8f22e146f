package dev.weir.ledger;

/** Keeps one row per admitted request. Thread-safe. */
public interface Ledger {

  /** Writes the row unless one with its request id exists. Never throws. */
  Entry write(LedgerRow row);

  /** The same for a row whose audit entry may come to hold it too; it is counted once. */
  Entry writeApart(LedgerRow row);

  /** What became of a row. */
  enum Entry {
    WRITTEN,
    /** A row with this request id was there before; it stands. */
    DUPLICATE,
    /** The store did not answer. */
    FAILED
  }
}
