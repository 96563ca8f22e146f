package dev.weir.admission;

import dev.weir.tenant.Tenant;
import java.util.Optional;

/**
 * Admits and settles calls against one tenant's limits, exactly. Thread-safe.
 *
 * <p>The algorithm and its proof are in {@code docs/limits.md}.
 */
public interface Admission {

  /**
   * The tenant's configuration as seen last; asks the store only about a tenant not seen yet. Empty
   * if it is unknown or the store does not answer. For what must be known before a call can be
   * asked for, such as the estimate mode; {@link #reserve} alone decides.
   */
  Optional<Tenant> tenant(String tenantId);

  /**
   * The refusal that {@link #reserve} is certain to give, where that is known here already. Never
   * asks the store.
   */
  Optional<Decision.Rejected> refusal(Ask ask);

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
