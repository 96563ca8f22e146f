package dev.weir.capacity;

import dev.weir.ledger.Cost;
import dev.weir.ledger.Usage;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Provisioned Throughput against the on-demand price of the same calls, in micro-USD a month of 730
 * hours. A unit costs the same whatever is asked of it, so it pays from a steady load on: the
 * break-even, which may lie above what a unit can do.
 *
 * @param unitMicroUsd what one unit costs
 * @param onDemandMicroUsd what the load costs on demand, if it goes on like this
 * @param unitsForPeak units that carry the fullest minute, 1 or more
 * @param loadPerMinute tokens a minute on average, prompt and output
 * @param breakEvenPerMinute tokens a minute, around the clock and of the same mix, that cost on
 *     demand what a unit does; absent where the load costs nothing
 * @param mostPerMinute tokens a minute of this mix that one unit can do
 */
public record BreakEven(
    long unitMicroUsd,
    long onDemandMicroUsd,
    long unitsForPeak,
    long loadPerMinute,
    OptionalLong breakEvenPerMinute,
    long mostPerMinute) {

  private static final long HOURS_A_MONTH = 730;
  private static final BigInteger MINUTES_A_MONTH = BigInteger.valueOf(HOURS_A_MONTH * 60);

  /**
   * Weighs one target.
   *
   * @param period how long the load was observed, 1 minute or more
   * @return empty where no token was used
   */
  static Optional<BreakEven> of(ModelUnit unit, Load.OfTarget load, Duration period) {
    Usage usage = load.usage();
    if (usage.totalTokens() == 0) {
      return Optional.empty();
    }
    BigInteger minutes = BigInteger.valueOf(Math.max(1, period.toMinutes()));
    long unitMicroUsd = Math.multiplyExact(unit.microUsdPerHour(), HOURS_A_MONTH);
    long onDemand =
        rounded(
            BigInteger.valueOf(load.cost().picoUsd()).multiply(MINUTES_A_MONTH),
            minutes.multiply(BigInteger.valueOf(Cost.PICO_PER_MICRO)));
    return Optional.of(
        new BreakEven(
            unitMicroUsd,
            onDemand,
            units(unit, load),
            rounded(BigInteger.valueOf(usage.totalTokens()), minutes),
            breakEven(usage.totalTokens(), load.cost(), unitMicroUsd),
            most(unit, usage)));
  }

  /** Whether units for the peak cost less than what they would replace. */
  public boolean pays() {
    return BigInteger.valueOf(unitMicroUsd)
            .multiply(BigInteger.valueOf(unitsForPeak))
            .compareTo(BigInteger.valueOf(onDemandMicroUsd))
        < 0;
  }

  /** Whether a unit that is kept busy can cost less than its tokens on demand. */
  public boolean canPay() {
    return breakEvenPerMinute.stream().anyMatch(tokens -> tokens <= mostPerMinute);
  }

  private static long units(ModelUnit unit, Load.OfTarget load) {
    long input = Math.ceilDiv(load.tokens(Usage::promptTokens).peak(), unit.inputTokensPerMinute());
    long output =
        Math.ceilDiv(load.tokens(Usage::outputTokens).peak(), unit.outputTokensPerMinute());
    return Math.max(1, Math.max(input, output));
  }

  /** Tokens, at what they cost on average, for the price of a unit; by the minute. */
  private static OptionalLong breakEven(long tokens, Cost cost, long unitMicroUsd) {
    if (cost.picoUsd() == 0) {
      return OptionalLong.empty();
    }
    BigInteger unitPicoUsd =
        BigInteger.valueOf(unitMicroUsd).multiply(BigInteger.valueOf(Cost.PICO_PER_MICRO));
    return OptionalLong.of(
        rounded(
            unitPicoUsd.multiply(BigInteger.valueOf(tokens)),
            BigInteger.valueOf(cost.picoUsd()).multiply(MINUTES_A_MONTH)));
  }

  private static long most(ModelUnit unit, Usage usage) {
    return Math.min(
        bounded(unit.inputTokensPerMinute(), usage.promptTokens(), usage.totalTokens()),
        bounded(unit.outputTokensPerMinute(), usage.outputTokens(), usage.totalTokens()));
  }

  /** All tokens of the mix when those of one kind are as many as a unit can do. */
  private static long bounded(long most, long kind, long all) {
    return kind == 0
        ? Long.MAX_VALUE
        : saturated(
            BigInteger.valueOf(most)
                .multiply(BigInteger.valueOf(all))
                .divide(BigInteger.valueOf(kind)));
  }

  /** The quotient, half up. */
  private static long rounded(BigInteger dividend, BigInteger divisor) {
    return saturated(
        dividend.multiply(BigInteger.TWO).add(divisor).divide(divisor.multiply(BigInteger.TWO)));
  }

  private static long saturated(BigInteger value) {
    return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
  }
}
