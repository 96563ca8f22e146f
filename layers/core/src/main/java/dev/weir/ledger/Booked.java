package dev.weir.ledger;

import java.time.LocalDate;

/**
 * What a bill needs of one ledger row.
 *
 * @param day UTC
 * @param cost what was billed
 */
public record Booked(
    LocalDate day,
    String keyId,
    String model,
    String outcome,
    boolean estimated,
    Usage usage,
    Cost cost,
    Savings saved) {}
