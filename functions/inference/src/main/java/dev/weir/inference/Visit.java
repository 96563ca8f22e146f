package dev.weir.inference;

import dev.weir.door.Exchange;
import dev.weir.route.Deadline;

/**
 * One authorised request on its way through the flow.
 *
 * @param startMillis epoch milliseconds of its arrival
 */
record Visit(
    Exchange exchange, String tenantId, String keyId, long startMillis, Deadline deadline) {}
