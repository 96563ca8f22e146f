package dev.weir.remedy.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often chance alone passes the levels, and how often a shift is found: 2,000 windows a row,
 * with baselines of 10,000 rows. Two shares of 2,000 windows each may differ by four standard
 * errors of the binomial.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftRatesTest {

  private static final double ERRORS = 4;

  private final Simulation simulation = new Simulation(20261122, Simulation.BASELINES);

  private Simulation.Rates rates(int runs, int rows, double shift) {
    var rates = simulation.windows(runs, rows, shift);
    System.out.printf(
        "drift rates: %6d rows, shift %.2f: mean PSI %.3f, above 0.1 %5.1f %%, above 0.2 %5.1f %%,"
            + " KS below 0.05 %5.1f %%%n",
        rows,
        shift,
        rates.mean(),
        100 * rates.above(0.1),
        100 * rates.above(0.2),
        100 * rates.kolmogorovBelow(0.05));
    return rates;
  }

  private Simulation.Rates rates(int rows, double shift) {
    return rates(Simulation.RUNS, rows, shift);
  }

  private static Offset<Double> sampling(double share) {
    double variance = Math.max(share * (1 - share), 1.0 / Simulation.RUNS);
    return Offset.offset(ERRORS * Math.sqrt(2 * variance / Simulation.RUNS));
  }

  /** Of 20 features that do not depend on each other, at least one. */
  private static double anyOfTwenty(double share) {
    return 1 - Math.pow(1 - share, 20);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 0.166, 0.77, 0.28, 1.00, 0.999",
    "100, 0.088, 0.33, 0.016, 1.00, 0.28",
    "200, 0.045, 0.018, 0, 0.30, 0",
    "500, 0.019, 0, 0, 0, 0"
  })
  void chance_passes_the_levels_as_often_as_it_should(
      int rows, double mean, double warn, double act, double anyWarns, double anyActs) {
    var rates = rates(rows, 0);

    assertThat(rates.mean()).isCloseTo(mean, Offset.offset(0.05 * mean));
    assertThat(rates.above(0.1)).isCloseTo(warn, sampling(warn));
    assertThat(rates.above(0.2)).isCloseTo(act, sampling(act));
    assertThat(anyOfTwenty(rates.above(0.1))).isCloseTo(anyWarns, Offset.offset(0.12));
    assertThat(anyOfTwenty(rates.above(0.2))).isCloseTo(anyActs, Offset.offset(0.15));
  }

  @ParameterizedTest
  @CsvSource({"500, 0.887", "2000, 0.966", "20000, 1"})
  void a_shift_of_half_a_deviation_is_found(int rows, double found) {
    assertThat(rates(rows, 0.5).above(0.2)).isCloseTo(found, sampling(found));
  }

  @ParameterizedTest
  @CsvSource({"500, 0.92, 0.887", "2000, 0.997, 0.966"})
  void how_often_it_is_found_depends_on_the_baseline_that_was_drawn(
      int rows, double withOneBaseline, double withMany) {
    var found =
        IntStream.range(0, 40)
            .mapToDouble(seed -> new Simulation(seed, 1).windows(rows, 0.5).above(0.2))
            .summaryStatistics();
    System.out.printf(
        "drift rates: %6d rows, shift 0.50: with one of 40 baselines from %.1f to %.1f %% above 0.2%n",
        rows, 100 * found.getMin(), 100 * found.getMax());

    assertThat(withOneBaseline).isBetween(found.getMin(), found.getMax());
    assertThat(found.getMax() - found.getMin()).isGreaterThan(2 * sampling(withMany).value);
  }

  @Test
  void a_shift_of_a_quarter_of_a_deviation_stays_below_the_warning() {
    var rates = rates(2000, 0.25);

    assertThat(rates.mean()).isCloseTo(0.067, Offset.offset(0.005));
    assertThat(rates.above(0.2)).isZero();
  }

  @Test
  void kolmogorov_smirnov_alone_would_ring_for_nothing() {
    // One window in 25 although nothing has changed, and nearly all for a shift that is harmless.
    assertThat(rates(500, 0).kolmogorovBelow(0.05)).isBetween(0.02, 0.08);
    var harmless = rates(400, 20_000, 0.05);
    assertThat(harmless.kolmogorovBelow(0.05)).isGreaterThan(0.9);
    assertThat(harmless.above(0.1)).isZero();
  }
}
