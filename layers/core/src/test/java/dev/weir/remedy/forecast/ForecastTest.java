package dev.weir.remedy.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.remedy.forecast.DailySeries.Point;
import dev.weir.remedy.forecast.Forecast.Day;
import dev.weir.remedy.forecast.Forecast.Expected;
import dev.weir.remedy.forecast.Forecast.Insufficient;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {

  /** A Monday. */
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

  private final SplittableRandom random = new SplittableRandom(3);

  private static List<Point> points(int days, IntToDoubleFunction value) {
    return IntStream.range(0, days)
        .mapToObj(day -> new Point(START.plus(Duration.ofDays(day)), value.applyAsDouble(day)))
        .toList();
  }

  private static double weekly(int day) {
    return day % 7 < 5 ? 50 : -125;
  }

  private static Expected expected(List<Point> points) {
    return (Expected) Forecast.of(DailySeries.of(points), 90);
  }

  @Test
  void under_60_days_there_is_never_a_number() {
    assertThat(Forecast.of(DailySeries.of(points(59, _ -> 1)), 90))
        .isEqualTo(new Insufficient(59, 60));
    assertThat(Forecast.of(DailySeries.of(points(60, _ -> 1)), 90)).isInstanceOf(Expected.class);
  }

  @Test
  void days_that_were_filled_in_are_no_past() {
    List<Point> points = new ArrayList<>(points(59, _ -> 1));
    points.add(new Point(START.plus(Duration.ofDays(400)), 1));
    points.remove(0);

    assertThat(Forecast.of(DailySeries.of(points), 90)).isEqualTo(new Insufficient(59, 60));
  }

  @ParameterizedTest
  @CsvSource({"89", "185"})
  void the_horizon_is_three_to_six_months(int horizon) {
    DailySeries past = DailySeries.of(points(60, _ -> 1));
    assertThatThrownBy(() -> Forecast.of(past, horizon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("90 to 184");
  }

  @Test
  void a_known_trend_and_season_are_recovered_and_the_model_with_a_trend_is_picked() {
    IntToDoubleFunction truth = day -> 1000 + 3 * day + weekly(day);
    Expected forecast =
        expected(points(200, day -> truth.applyAsDouble(day) + 20 * random.nextGaussian()));

    assertThat(forecast.model()).isEqualTo("holt_winters");
    assertThat(forecast.error()).isLessThan(forecast.naiveError() / 2);
    assertThat(forecast.days()).hasSize(90);
    assertThat(forecast.days().getFirst().date()).isEqualTo(LocalDate.of(2026, 1, 5).plusDays(200));
    for (int day = 0; day < 90; day++) {
      assertThat(forecast.days().get(day).expected())
          .isCloseTo(truth.applyAsDouble(200 + day), within(40.0));
    }
    assertThat(forecast.peak().expected()).isGreaterThan(1800);
  }

  @Test
  void a_week_that_has_just_changed_is_repeated_as_it_is() {
    // One level ends and another begins every three months: no line through both foretells either.
    Expected forecast = expected(points(360, day -> day / 90 % 2 == 0 ? 1000 : 200));

    assertThat(forecast.model()).isEqualTo("seasonal_naive");
    assertThat(forecast.days()).allSatisfy(day -> assertThat(day.expected()).isEqualTo(200));
  }

  @Test
  void noise_makes_no_trend() {
    int drawnOut = 0;
    for (int run = 0; run < 100; run++) {
      Expected forecast = expected(points(100, _ -> 1000 + 30 * random.nextGaussian()));
      double change = forecast.days().getLast().expected() - forecast.days().getFirst().expected();
      drawnOut += Math.abs(change) > 100 ? 1 : 0;
    }
    assertThat(drawnOut).isLessThanOrEqualTo(3);
  }

  @Test
  void nothing_falls_below_zero() {
    Expected forecast = expected(points(100, day -> Math.max(0, 100 - day)));

    assertThat(forecast.days())
        .allSatisfy(day -> {
          assertThat(day.expected()).isNotNegative();
          assertThat(day.low95()).isNotNegative();
        });
  }

  @Test
  void gaps_take_the_mean_of_equal_weekdays() {
    List<Point> points = new ArrayList<>(points(70, day -> 1000 + weekly(day)));
    List<Point> gappy =
        points.stream().filter(point -> gap(point) != 20 && gap(point) != 21).toList();

    DailySeries filled = DailySeries.of(gappy);

    assertThat(filled.observed()).isEqualTo(68);
    assertThat(filled.values()).isEqualTo(DailySeries.of(points).values());
  }

  private static long gap(Point point) {
    return Duration.between(START, point.at()).toDays();
  }

  @Test
  void an_outlier_takes_its_weekdays_median_and_is_counted() {
    IntToDoubleFunction quiet = day -> 1000 + weekly(day) + 5 * Math.sin(day);
    DailySeries series =
        DailySeries.of(points(100, day -> day == 50 ? 90_000 : quiet.applyAsDouble(day)));

    assertThat(series.outliers()).isEqualTo(1);
    assertThat(series.values().get(50)).isCloseTo(1000 + weekly(50), within(10.0));
  }

  @Test
  void an_outlier_does_not_move_the_forecast() {
    IntToDoubleFunction quiet = day -> 1000 + weekly(day) + 5 * Math.sin(day);
    Expected clean = expected(points(100, quiet));
    Expected spiked = expected(points(100, day -> day == 95 ? 90_000 : quiet.applyAsDouble(day)));

    for (int day = 0; day < 90; day++) {
      assertThat(spiked.days().get(day).expected())
          .isCloseTo(clean.days().get(day).expected(), within(15.0));
    }
  }

  @Test
  void a_new_level_is_no_outlier() {
    DailySeries series = DailySeries.of(points(100, day -> (day < 50 ? 100 : 200) + day % 3));

    assertThat(series.values().get(99)).isEqualTo(200);
    assertThat(series.values().get(55)).isGreaterThanOrEqualTo(200);
  }

  @Test
  void a_day_is_its_95th_percentile() {
    List<Point> hours =
        IntStream.range(0, 20)
            .mapToObj(hour -> new Point(START.minus(Duration.ofHours(hour)), hour + 1))
            .toList();

    // Twelve and a half hours of the first day, UTC, and the rest of the one before.
    assertThat(DailySeries.of(hours).values()).containsExactly(20.0, 13.0);
  }

  /** Share of days within a band, one value a series. */
  private double[] coverage(
      int series, double trend, ToDoubleFunction<Day> low, ToDoubleFunction<Day> high) {
    double[] shares = new double[series];
    for (int i = 0; i < series; i++) {
      double[] values =
          IntStream.range(0, 365 + 90)
              .mapToDouble(day -> 1000 + trend * day + weekly(day) + 30 * random.nextGaussian())
              .toArray();
      Expected forecast = expected(points(365, day -> values[day]));
      for (int day = 0; day < 90; day++) {
        Day band = forecast.days().get(day);
        double value = values[365 + day];
        boolean within = value >= low.applyAsDouble(band) && value <= high.applyAsDouble(band);
        shares[i] += within ? 1 / 90.0 : 0;
      }
    }
    return shares;
  }

  @ParameterizedTest
  @CsvSource({"0, 0.80", "0, 0.95", "2, 0.80", "2, 0.95"})
  void bands_hold_what_they_say_and_not_much_more(double trend, double share) {
    boolean narrow = share == 0.80;
    double[] shares =
        coverage(40, trend, narrow ? Day::low80 : Day::low95, narrow ? Day::high80 : Day::high95);
    double mean = IntStream.range(0, 40).mapToDouble(i -> shares[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, 40).mapToDouble(i -> Math.pow(shares[i] - mean, 2)).sum() / 39;

    assertThat(mean).isBetween(share - 3 * Math.sqrt(variance / 40), Math.min(1, share + 0.12));
  }

  @Test
  void the_wider_band_is_wider_and_both_widen_with_time() {
    Expected forecast = expected(points(120, day -> 1000 + 30 * random.nextGaussian() + day));

    assertThat(forecast.days())
        .allSatisfy(day -> {
          assertThat(day.high95()).isGreaterThanOrEqualTo(day.high80());
          assertThat(day.low95()).isLessThanOrEqualTo(day.low80());
        });
    double first = width(forecast.days().getFirst());
    double last = width(forecast.days().getLast());
    assertThat(last).isGreaterThan(first);
  }

  private static double width(Day day) {
    return day.high80() - day.low80();
  }

  @Test
  void money_is_the_sum_of_days_by_the_rate() {
    Expected forecast = expected(points(100, _ -> 10));

    Day month = Expected.sum(forecast.days().subList(0, 30), 0.5);

    assertThat(month.expected()).isCloseTo(150, within(0.001));
    assertThat(month.date()).isEqualTo(LocalDate.of(2026, 4, 15));
    assertThat(month.high95()).isCloseTo(150, within(0.001));
  }
}
