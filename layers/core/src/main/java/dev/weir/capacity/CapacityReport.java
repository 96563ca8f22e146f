package dev.weir.capacity;

import dev.weir.ledger.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How much of each target's quota was used, and whether Provisioned Throughput would pay.
 *
 * @param from the first moment of the load
 * @param to the last
 */
public record CapacityReport(Instant from, Instant to, List<OfTarget> targets) {

  /**
   * One target.
   *
   * @param capacity what is declared of it
   * @param tokens a minute: as the quota counts them where one is declared, else all
   * @param cost on demand, of the load as it was
   * @param breakEven where a model unit is declared and a token was used
   */
  public record OfTarget(
      String target,
      Optional<Capacity> capacity,
      Rate requests,
      Rate tokens,
      Cost cost,
      Optional<BreakEven> breakEven) {}

  /** Judges the load of a period by what is declared. */
  public static CapacityReport of(Load load, Capacities capacities, Instant from, Instant to) {
    Duration period = Duration.between(from, to);
    return new CapacityReport(
        from,
        to,
        load.targets().entrySet().stream()
            .map(target ->
                of(target.getKey(), target.getValue(), capacities.find(target.getKey()), period))
            .toList());
  }

  private static OfTarget of(
      String target, Load.OfTarget load, Optional<Capacity> capacity, Duration period) {
    Optional<TokenQuota> quota = capacity.flatMap(Capacity::tokens);
    return new OfTarget(
        target,
        capacity,
        load.requests(),
        load.tokens(usage -> quota.map(q -> q.taken(usage)).orElseGet(usage::totalTokens)),
        load.cost(),
        capacity.flatMap(Capacity::unit).flatMap(unit -> BreakEven.of(unit, load, period)));
  }
}
