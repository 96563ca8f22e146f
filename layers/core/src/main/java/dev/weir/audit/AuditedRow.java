package dev.weir.audit;

import java.time.LocalDate;

/**
 * A ledger row that is kept in the item of its request's entry, and covered by its digest.
 *
 * @param day the UTC day whose bill it belongs to
 * @param text canonical and without line breaks: equal rows have equal texts
 */
public record AuditedRow(LocalDate day, String text) {}
