package dev.weir.tenant;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many shards a tenant's limits may be cut into, and how many its load needs.
 *
 * <p>DynamoDB takes {@value #ITEM_WRITE_UNITS} write units a second on one item. A call writes
 * twice, its admission and its settlement, each at one unit per KB of the item, which grows with
 * the calls in flight. So the least number of shards is the least K with
 *
 * <pre>calls/s / K · 2 · ceil((900 + 40 · in flight / K) / 1024) ≤ 500</pre>
 *
 * half of what DynamoDB takes, as chance and refusals need room. The sizes are those of the items
 * in the simulator: configuration, marks and counters, and one lease.
 *
 * <p>What a slice has left only passes a call that fits into it. Slices are cut anew on demand, so
 * nothing is lost for good, but at any moment up to (K - 1) calls' worth of a limit may lie where
 * the next call is not: a share of at most (K - 1) · c / limit for calls that ask for c.
 */
public final class Sharding {

  /** The most shards of one tenant: all its items and a key's must fit into one transaction. */
  public static final int MOST = 64;

  /** DynamoDB's bound for one item, write units a second. */
  public static final int ITEM_WRITE_UNITS = 1000;

  /** In the order of {@link Limits#values}. */
  private static final List<Long> LEAST_SLICE =
      List.of(60L, 10_000L, 8L, 100_000L, 100_000L, 100_000L);

  private static final int TARGET = ITEM_WRITE_UNITS / 2;
  private static final int WRITES = 2;
  private static final int ITEM_BYTES = 900;
  private static final int LEASE_BYTES = 40;
  private static final int UNIT_BYTES = 1024;

  private Sharding() {}

  /**
   * The most shards these limits may be cut into, 1 to {@value #MOST}: each slice must hold at
   * least 60 requests, 10,000 tokens, 8 calls at once and 100,000 micro-USD of each budget.
   */
  public static int most(Limits limits) {
    long most = MOST;
    for (int i = 0; i < LEAST_SLICE.size(); i++) {
      most = Math.min(most, limits.values().get(i).orElse(Long.MAX_VALUE) / LEAST_SLICE.get(i));
    }
    return (int) Math.max(most, 1);
  }

  /**
   * Refuses a number of shards these limits may not be cut into.
   *
   * @throws IllegalArgumentException that names the allowed numbers
   */
  public static void check(Limits limits, int shards) {
    int most = most(limits);
    if (shards < 1 || shards > most) {
      throw new IllegalArgumentException(
          "shards must be 1 to %d with these limits, not %d".formatted(most, shards));
    }
  }

  /** The fewest shards for such a load, 1 to {@value #MOST}. */
  public static int advised(double callsPerSecond, long inFlight) {
    return IntStream.range(1, MOST)
        .filter(shards -> writeUnits(callsPerSecond / shards, inFlight / shards) <= TARGET)
        .findFirst()
        .orElse(MOST);
  }

  /** Write units a second that one item takes. */
  public static double writeUnits(double callsPerSecond, long inFlight) {
    return callsPerSecond
        * WRITES
        * Math.ceilDiv(ITEM_BYTES + LEASE_BYTES * inFlight, (long) UNIT_BYTES);
  }
}
