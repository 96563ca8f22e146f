package dev.weir.capacity;

import dev.weir.ledger.Booked;
import dev.weir.ledger.Cost;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Usage;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What was asked of targets in each minute, added up from ledger rows. An attempt counts in the
 * minute in which its request was admitted. Not thread-safe.
 */
public final class Load {

  private static final long MINUTE_MILLIS = 60_000;

  private final SortedMap<String, OfTarget> targets = new TreeMap<>();

  /** Adds the attempts of one row. */
  public void add(Booked row) {
    for (LedgerRow.Hop hop : row.hops()) {
      targets
          .computeIfAbsent(hop.target(), _ -> new OfTarget())
          .add(row.atMillis() / MINUTE_MILLIS, hop);
    }
  }

  /** Loads by target, in alphabetical order. */
  public SortedMap<String, OfTarget> targets() {
    return Collections.unmodifiableSortedMap(targets);
  }

  /** What was asked of one target. */
  public static final class OfTarget {

    private final Map<Long, Minute> minutes = new HashMap<>();
    private Cost cost = Cost.ZERO;

    private OfTarget() {}

    private void add(long minute, LedgerRow.Hop hop) {
      Minute more = new Minute(hop.requests(), hop.usage());
      minutes.merge(minute, more, Minute::plus);
      cost = cost.plus(hop.cost());
    }

    /** What it was charged on demand. */
    public Cost cost() {
      return cost;
    }

    /** Everything that was used of it. */
    public Usage usage() {
      return minutes.values().stream().map(Minute::usage).reduce(Usage.ZERO, Usage::plus);
    }

    /** Peak and 95th percentile of requests a minute. */
    Rate requests() {
      return rate(Minute::requests);
    }

    /** Peak and 95th percentile a minute of a count of tokens. */
    Rate tokens(ToLongFunction<Usage> count) {
      return rate(minute -> count.applyAsLong(minute.usage()));
    }

    private Rate rate(ToLongFunction<Minute> count) {
      return Rate.of(minutes.values().stream().mapToLong(count).toArray());
    }
  }

  private record Minute(long requests, Usage usage) {

    Minute plus(Minute other) {
      return new Minute(requests + other.requests, usage.plus(other.usage));
    }
  }
}
