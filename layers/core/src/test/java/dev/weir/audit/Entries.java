package dev.weir.audit;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Decisions of no meaning. */
final class Entries {

  private Entries() {}

  /** Now and then with a ledger row of the day the tests' clock begins on. */
  static AuditEntry of(String chain, String trace, Random random) {
    return new AuditEntry(
        chain,
        trace,
        1_790_000_000_000L + random.nextInt(1_000_000),
        "key:k" + random.nextInt(3),
        "chat",
        "scripted",
        "complete",
        Map.of("costPicoUsd", Long.toString(random.nextInt(1_000_000)), "config", "3"),
        random.nextBoolean() ? Optional.of(row(trace, random)) : Optional.empty());
  }

  private static AuditedRow row(String trace, Random random) {
    return new AuditedRow(
        LocalDate.parse("2026-11-22"),
        "{\"costPicoUsd\":{\"N\":\"%d\"},\"request\":{\"S\":\"%s\"}}"
            .formatted(random.nextInt(1_000_000), trace));
  }
}
