package dev.weir.admission;

/**
 * Admits and settles calls against one tenant's limits, exactly. Thread-safe.
 *
 * <p>The algorithm and its proof are in {@code docs/limits.md}.
 */
public interface Admission {

  /** Decides one call. Idempotent by call id. Never throws for a store fault: fails closed. */
  Decision reserve(Ask ask);

  /**
   * Replaces the reservation by what was really used. Idempotent. A settlement that cannot be
   * written leaves the reservation charged (the safe direction) and says so.
   *
   * @param tokens tokens really used, 0 or more
   * @param microUsd cost in micro-USD, 0 or more
   */
  Settlement settle(Reservation reservation, long tokens, long microUsd);

  /** What became of a settlement. */
  enum Settlement {
    SETTLED,
    /** The lease was gone: settled before, or reclaimed after its expiry. */
    ALREADY_GONE,
    /** The store did not answer; the reservation stays charged. */
    FAILED
  }
}
