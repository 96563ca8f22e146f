package dev.weir.remedy.drift;

/** The two distances between a baseline and a window. */
final class Statistics {

  /** Added to each count, so that an empty bin is no infinity. */
  private static final double SMOOTHING = 0.5;

  /** Terms of Kolmogorov's series; it falls faster than geometrically. */
  private static final int TERMS = 100;

  private Statistics() {}

  /** Population stability index of counts over the same bins. */
  static double psi(long[] expected, long[] actual) {
    double expectedTotal = total(expected) + SMOOTHING * expected.length;
    double actualTotal = total(actual) + SMOOTHING * actual.length;
    double psi = 0;
    for (int bin = 0; bin < expected.length; bin++) {
      double e = (expected[bin] + SMOOTHING) / expectedTotal;
      double a = (actual[bin] + SMOOTHING) / actualTotal;
      psi += (a - e) * Math.log(a / e);
    }
    return psi;
  }

  /**
   * How likely two samples of one distribution lie so far apart at the cells' edges: the asymptotic
   * p-value of the two-sample Kolmogorov-Smirnov test. Between edges they may lie further apart, so
   * it is a little too high.
   */
  static double kolmogorovSmirnov(long[] expected, long[] actual) {
    double n = total(expected);
    double m = total(actual);
    double expectedBelow = 0;
    double actualBelow = 0;
    double distance = 0;
    for (int cell = 0; cell < expected.length; cell++) {
      expectedBelow += expected[cell] / n;
      actualBelow += actual[cell] / m;
      distance = Math.max(distance, Math.abs(expectedBelow - actualBelow));
    }
    double scaled = distance * Math.sqrt(n * m / (n + m));
    double p = 0;
    for (int k = 1; k <= TERMS; k++) {
      p += 2 * (k % 2 == 1 ? 1 : -1) * Math.exp(-2.0 * k * k * scaled * scaled);
    }
    // The series does not converge near zero, where the samples could not be closer.
    return scaled < 0.2 ? 1 : Math.clamp(p, 0, 1);
  }

  static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
