package dev.weir.bench;

import java.util.Arrays;
import java.util.Collection;

/** Measured values of one kind, at least one. */
final class Sample {
  private final double[] sorted;

  private Sample(double[] sorted) {
    this.sorted = sorted;
  }

  /** A sample of these values, in any order. */
  static Sample of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a sample needs a value");
    }
    return new Sample(values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
  }

  /** The median; of an even number of values the mean of the middle two. */
  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The smallest value that at least this share of the values does not exceed (nearest rank).
   *
   * @param share above 0, at most 1
   */
  double quantile(double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  double mean() {
    return Arrays.stream(sorted).average().orElseThrow();
  }

  int size() {
    return sorted.length;
  }
}
