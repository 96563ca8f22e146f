package dev.weir.inference;

import dev.weir.ledger.Cost;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Names;

/** What a call's attempts add to its line of the log. */
final class HopMetrics {

  private HopMetrics() {}

  /** Adds the attempts, and what prompt caches and a cascade did, where there was any. */
  static void count(Line line, Hops hops, Savings saved) {
    line.with("attempts", hops.attempts());
    if (hops.attempts() > 1) {
      line.with("hops", hops.line());
    }
    if (hops.retries() > 0) {
      line.metric(Names.RETRIES, Line.Unit.COUNT, hops.retries());
    }
    if (hops.throttled() > 0) {
      line.metric(Names.THROTTLED, Line.Unit.COUNT, hops.throttled());
    }
    hops.degraded()
        .ifPresent(step ->
            line.with("degraded", step)
                .metric(Names.DEGRADED, Line.Unit.COUNT, 1)
                .metric(Names.DEGRADED + "." + step, Line.Unit.COUNT, 1));
    promptCache(line, hops, saved);
    hops.cascade().ifPresent(decided -> cascade(line, decided, saved));
    if (hops.shut() > 0) {
      line.metric(Names.BREAKER_OPEN, Line.Unit.COUNT, hops.shut());
    }
  }

  private static void cascade(Line line, String decided, Savings saved) {
    line.with("cascade", decided)
        .metric(
            decided.startsWith("escalated") ? Names.CASCADE_ESCALATED : Names.CASCADE_SMALL,
            Line.Unit.COUNT,
            1)
        .metric(
            Names.CASCADE_SAVED,
            Line.Unit.NONE,
            saved.cascadePicoUsd() / (double) Cost.PICO_PER_MICRO);
  }

  private static void promptCache(Line line, Hops hops, Savings saved) {
    Usage usage = hops.bill().usage();
    long written = usage.cacheWrite5mTokens() + usage.cacheWrite1hTokens();
    if (usage.cacheReadTokens() + written > 0) {
      line.metric(Names.CACHE_READ_TOKENS, Line.Unit.COUNT, usage.cacheReadTokens())
          .metric(Names.CACHE_WRITE_TOKENS, Line.Unit.COUNT, written)
          .metric(
              Names.CACHE_SAVED,
              Line.Unit.NONE,
              saved.promptCachePicoUsd() / (double) Cost.PICO_PER_MICRO);
    }
  }
}
