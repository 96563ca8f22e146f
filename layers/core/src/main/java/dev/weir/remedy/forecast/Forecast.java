package dev.weir.remedy.forecast;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What will be used in the months to come, or why that cannot be said. */
public sealed interface Forecast {

  /** Days with a value below which nothing is said. */
  int FEWEST_DAYS = 60;

  /** Fewest and most days ahead: 3 and 6 months. */
  int SHORTEST = 90;

  int LONGEST = 184;

  /** Too short a past for any number. */
  record Insufficient(int days, int needed) implements Forecast {}

  /**
   * A forecast.
   *
   * @param model the model that would have done best, in lower case
   * @param error its mean absolute error in the backtest, in units of the series
   * @param naiveError that of the other model
   */
  record Expected(String model, double error, double naiveError, DailySeries past, List<Day> days)
      implements Forecast {

    public Expected {
      days = List.copyOf(days);
    }

    /** The day of which the most is expected. */
    public Day peak() {
      return days.stream().max(Comparator.comparingDouble(Day::expected)).orElseThrow();
    }

    /**
     * The sum of some days, or their money by a rate. The sums of the bands are wider than the band
     * of the sum, since days do not all go wrong in the same direction.
     *
     * @param rate money for one unit on one day; 1 for units
     */
    public static Day sum(List<Day> days, double rate) {
      return new Day(
          days.getFirst().date(),
          total(days, rate, Day::expected),
          total(days, rate, Day::low80),
          total(days, rate, Day::high80),
          total(days, rate, Day::low95),
          total(days, rate, Day::high95));
    }

    private static double total(List<Day> days, double rate, ToDoubleFunction<Day> value) {
      return days.stream().mapToDouble(value).sum() * rate;
    }
  }

  /**
   * One day, or with {@link Expected#sum} several.
   *
   * @param low80 with {@code high80} holds what will be in 80 of 100 cases
   * @param low95 with {@code high95} in 95
   */
  record Day(
      LocalDate date, double expected, double low80, double high80, double low95, double high95) {}

  /**
   * Continues a series by the model that would have done best so far.
   *
   * @param horizon days ahead, {@link #SHORTEST} to {@link #LONGEST}
   */
  static Forecast of(DailySeries past, int horizon) {
    if (horizon < SHORTEST || horizon > LONGEST) {
      throw new IllegalArgumentException(
          "the horizon is " + SHORTEST + " to " + LONGEST + " days, not " + horizon);
    }
    if (past.observed() < FEWEST_DAYS) {
      return new Insufficient(past.observed(), FEWEST_DAYS);
    }
    double[] values = past.array();
    Backtest naive = new Backtest(Model.SEASONAL_NAIVE, values, horizon);
    Backtest smooth = new Backtest(Model.HOLT_WINTERS, values, horizon);
    boolean smoothed = smooth.error() < naive.error();
    Model model = smoothed ? Model.HOLT_WINTERS : Model.SEASONAL_NAIVE;
    Backtest best = smoothed ? smooth : naive;
    return new Expected(
        model.name().toLowerCase(Locale.ROOT),
        best.error(),
        naive.error(),
        past,
        days(past, model.ahead(values, horizon), best));
  }

  private static List<Day> days(DailySeries past, double[] expected, Backtest backtest) {
    double[] eighty = backtest.bands(0.8, expected.length);
    double[] most = backtest.bands(0.95, expected.length);
    LocalDate first = past.start().plusDays(past.values().size());
    List<Day> days = new ArrayList<>();
    for (int day = 0; day < expected.length; day++) {
      days.add(
          new Day(
              first.plusDays(day),
              expected[day],
              Math.max(0, expected[day] - eighty[day]),
              expected[day] + eighty[day],
              Math.max(0, expected[day] - most[day]),
              expected[day] + most[day]));
    }
    return days;
  }
}
