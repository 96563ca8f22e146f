package dev.weir.ledger;

import java.time.LocalDate;
import java.util.List;

/**
 * What bills and capacity need of one ledger row.
 *
 * @param day UTC
 * @param cost what was billed
 * @param atMillis epoch milliseconds at which the request was admitted
 * @param hops every attempt that was made for it, in order
 */
public record Booked(
    LocalDate day,
    String keyId,
    String model,
    String outcome,
    boolean estimated,
    Usage usage,
    Cost cost,
    Savings saved,
    long atMillis,
    List<LedgerRow.Hop> hops) {}
