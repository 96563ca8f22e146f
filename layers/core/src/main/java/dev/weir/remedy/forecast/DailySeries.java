package dev.weir.remedy.forecast;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One value a day, without gaps and without outliers.
 *
 * @param start the first day, UTC
 * @param observed how many of the days had a value
 * @param outliers how many values were replaced
 */
public record DailySeries(LocalDate start, List<Double> values, int observed, int outliers) {

  static final int WEEK = 7;

  /** A value this many times the usual distance from those of its weekday is an outlier. */
  private static final double OUTLIER = 6;

  /** Equal weekdays on each side that a value is held against. */
  private static final int NEIGHBOURS = 3;

  private static final double PERCENTILE = 0.95;

  public DailySeries {
    values = List.copyOf(values);
  }

  /** A value at a time. */
  public record Point(Instant at, double value) {}

  /**
   * The 95th percentile of each day's points, days by UTC. Days without points take the mean of the
   * nearest equal weekdays around them. What is far from its weekday's median, measured by the
   * usual distance from it, is replaced by that median.
   *
   * @throws IllegalArgumentException when there is no point
   */
  public static DailySeries of(List<Point> points) {
    Map<LocalDate, List<Double>> byDay =
        points.stream()
            .collect(
                Collectors.groupingBy(
                    point -> LocalDate.ofInstant(point.at(), ZoneOffset.UTC),
                    TreeMap::new,
                    Collectors.mapping(Point::value, Collectors.toList())));
    if (byDay.isEmpty()) {
      throw new IllegalArgumentException("there is no point");
    }
    List<LocalDate> days = List.copyOf(byDay.keySet());
    double[] values =
        new double[(int) ChronoUnit.DAYS.between(days.getFirst(), days.getLast()) + 1];
    Arrays.fill(values, Double.NaN);
    byDay.forEach((day, list) ->
        values[(int) ChronoUnit.DAYS.between(days.getFirst(), day)] = percentile(list));
    fill(values);
    int outliers = smooth(values);
    return new DailySeries(
        days.getFirst(), Arrays.stream(values).boxed().toList(), days.size(), outliers);
  }

  /** The values as an array. */
  double[] array() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double percentile(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(int) Math.ceil(PERCENTILE * sorted.length) - 1];
  }

  private static void fill(double[] values) {
    double[] known = values.clone();
    for (int day = 0; day < values.length; day++) {
      if (Double.isNaN(known[day])) {
        double before = nearest(known, day, -WEEK);
        double after = nearest(known, day, WEEK);
        values[day] =
            IntStream.of(0, 1)
                .mapToDouble(i -> i == 0 ? before : after)
                .filter(Double::isFinite)
                .average()
                .orElseGet(() -> Arrays.stream(known).filter(Double::isFinite).average().orElse(0));
      }
    }
  }

  private static double nearest(double[] values, int day, int step) {
    for (int at = day + step; at >= 0 && at < values.length; at += step) {
      if (Double.isFinite(values[at])) {
        return values[at];
      }
    }
    return Double.NaN;
  }

  private static int smooth(double[] values) {
    double[] medians =
        IntStream.range(0, values.length).mapToDouble(day -> weekdayMedian(values, day)).toArray();
    double usual =
        median(
            IntStream.range(0, values.length)
                .mapToDouble(day -> Math.abs(values[day] - medians[day]))
                .toArray());
    int outliers = 0;
    for (int day = 0; day < values.length; day++) {
      // Where most days are equal to the median any distance would be unusual.
      if (usual > 0 && Math.abs(values[day] - medians[day]) > OUTLIER * usual) {
        values[day] = medians[day];
        outliers++;
      }
    }
    return outliers;
  }

  private static double weekdayMedian(double[] values, int day) {
    return median(
        IntStream.rangeClosed(-NEIGHBOURS, NEIGHBOURS)
            .map(weeks -> day + weeks * WEEK)
            .filter(at -> at >= 0 && at < values.length)
            .mapToDouble(at -> values[at])
            .toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
