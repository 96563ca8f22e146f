package dev.weir.remedy.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Normally distributed windows against a normally distributed baseline, again and again. */
final class Simulation {

  static final int RUNS = 2000;

  /** Baselines a simulation draws from: its rates are those of no baseline in particular. */
  static final int BASELINES = 200;

  private static final int BASELINE_ROWS = 10_000;

  /**
   * What windows of a size showed.
   *
   * @param psi one value a run
   * @param ks p-values of the runs
   */
  record Rates(double[] psi, double[] ks) {

    double mean() {
      return Arrays.stream(psi).average().orElseThrow();
    }

    double above(double level) {
      return Arrays.stream(psi).filter(value -> value > level).count() / (double) psi.length;
    }

    double kolmogorovBelow(double level) {
      return Arrays.stream(ks).filter(value -> value < level).count() / (double) ks.length;
    }
  }

  private final SplittableRandom random;
  private final List<Distribution.Quantiles> baselines;

  Simulation(long seed, int count) {
    random = new SplittableRandom(seed);
    baselines = IntStream.range(0, count).mapToObj(_ -> baseline()).toList();
  }

  /**
   * @param shift of the windows' mean, in standard deviations
   */
  Rates windows(int rows, double shift) {
    return windows(RUNS, rows, shift);
  }

  Rates windows(int runs, int rows, double shift) {
    double[] psi = new double[runs];
    double[] ks = new double[runs];
    for (int run = 0; run < runs; run++) {
      Distribution.Quantiles baseline = baselines.get(run % baselines.size());
      long[] expected = counts(baseline);
      long[] cells = new long[expected.length];
      double[] edges = baseline.edges().stream().mapToDouble(Double::doubleValue).toArray();
      for (int row = 0; row < rows; row++) {
        cells[cell(edges, random.nextGaussian() + shift)]++;
      }
      psi[run] = Statistics.psi(baseline.bins(expected), baseline.bins(cells));
      ks[run] = Statistics.kolmogorovSmirnov(expected, cells);
    }
    return new Rates(psi, ks);
  }

  /** One window of some features, as rows. */
  List<Map<String, String>> rows(int rows, int features, double... shifts) {
    return IntStream.range(0, rows)
        .mapToObj(_ -> {
          Map<String, String> row = new TreeMap<>();
          for (int i = 0; i < features; i++) {
            double shift = i < shifts.length ? shifts[i] : 0;
            row.put("c" + i, Double.toString(random.nextGaussian() + shift));
          }
          return row;
        })
        .toList();
  }

  private Distribution.Quantiles baseline() {
    return Distribution.Quantiles.of(
        DoubleStream.generate(random::nextGaussian).limit(BASELINE_ROWS).toArray());
  }

  /** As {@link Distribution.Quantiles#cell}, without a box for each of 90 million numbers. */
  private static int cell(double[] edges, double value) {
    int found = Arrays.binarySearch(edges, value);
    return found < 0 ? -found - 1 : found;
  }

  private static long[] counts(Distribution distribution) {
    return distribution.counts().stream().mapToLong(Long::longValue).toArray();
  }
}
