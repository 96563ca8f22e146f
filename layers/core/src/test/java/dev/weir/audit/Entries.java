package dev.weir.audit;

import java.util.Map;
import java.util.Random;

/** Decisions of no meaning. */
final class Entries {

  private Entries() {}

  static AuditEntry of(String chain, String trace, Random random) {
    return new AuditEntry(
        chain,
        trace,
        1_790_000_000_000L + random.nextInt(1_000_000),
        "key:k" + random.nextInt(3),
        "chat",
        "scripted",
        "complete",
        Map.of("costPicoUsd", Long.toString(random.nextInt(1_000_000)), "config", "3"));
  }
}
