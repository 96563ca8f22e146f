package dev.weir.inference;

import dev.weir.door.Exchange;
import dev.weir.guard.GuardTrail;
import dev.weir.idempotency.Claim;
import dev.weir.route.Deadline;
import java.util.Optional;

/**
 * One authorised request on its way through the flow.
 *
 * @param startMillis epoch milliseconds of its arrival
 * @param claim on its idempotency key, if it has one
 * @param guard what the guards have done so far
 */
record Visit(
    Exchange exchange,
    String tenantId,
    String keyId,
    long startMillis,
    Deadline deadline,
    Optional<Claim> claim,
    GuardTrail guard) {

  Visit with(Claim made) {
    return new Visit(exchange, tenantId, keyId, startMillis, deadline, Optional.of(made), guard);
  }
}
