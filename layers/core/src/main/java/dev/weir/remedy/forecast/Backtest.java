package dev.weir.remedy.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How well a model would have done: it is asked again each week for all days to come, knowing only
 * those before (rolling origin).
 */
final class Backtest {

  /** Days known before the first question. */
  private static final int FIRST_ORIGIN = 35;

  /** Of fewer misses an outer quantile would be the largest one. */
  private static final int FEWEST_MISSES = 2 * DailySeries.WEEK;

  private static final int WEEK = DailySeries.WEEK;

  private final List<List<Double>> missesByWeek = new ArrayList<>();
  private double absolute;
  private int count;

  /**
   * @param horizon most days asked for
   */
  Backtest(Model model, double[] values, int horizon) {
    for (int origin = FIRST_ORIGIN; origin < values.length; origin += WEEK) {
      int days = Math.min(horizon, values.length - origin);
      double[] forecast = model.ahead(Arrays.copyOf(values, origin), days);
      for (int day = 0; day < days; day++) {
        miss(day, Math.abs(values[origin + day] - forecast[day]));
      }
    }
  }

  private void miss(int day, double miss) {
    while (missesByWeek.size() <= day / WEEK) {
      missesByWeek.add(new ArrayList<>());
    }
    missesByWeek.get(day / WEEK).add(miss);
    absolute += miss;
    count++;
  }

  /** Mean absolute error. */
  double error() {
    return absolute / count;
  }

  /**
   * How far from the forecast a day will be at most, in a share of cases: by weeks ahead, never
   * narrower further ahead. Further than could be tried it grows with the root of time.
   */
  double[] bands(double share, int horizon) {
    List<Step> steps = new ArrayList<>();
    for (List<Double> misses : missesByWeek) {
      if (misses.size() >= FEWEST_MISSES) {
        steps.add(new Step(quantile(misses, share), misses.size(), 1));
        while (steps.size() > 1 && steps.getLast().width() < steps.get(steps.size() - 2).width()) {
          steps.add(steps.removeLast().pooled(steps.removeLast()));
        }
      }
    }
    double[] tried = steps.stream().flatMapToDouble(Step::perDay).toArray();
    double[] bands = Arrays.copyOf(tried, horizon);
    for (int day = tried.length; day < horizon; day++) {
      bands[day] = tried[tried.length - 1] * Math.sqrt((day + 1.0) / tried.length);
    }
    return bands;
  }

  /** Weeks ahead of one width (isotonic regression, by pooling adjacent violators). */
  private record Step(double width, double weight, int weeks) {
    Step pooled(Step other) {
      double both = weight + other.weight;
      return new Step(
          (width * weight + other.width * other.weight) / both, both, weeks + other.weeks);
    }

    DoubleStream perDay() {
      return DoubleStream.generate(() -> width).limit((long) weeks * WEEK);
    }
  }

  /** The quantile of a sample that covers the next of its kind in a share of cases (conformal). */
  private static double quantile(List<Double> misses, double share) {
    double[] sorted = misses.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int rank = (int) Math.ceil(share * (sorted.length + 1));
    return sorted[Math.min(rank, sorted.length) - 1];
  }
}
