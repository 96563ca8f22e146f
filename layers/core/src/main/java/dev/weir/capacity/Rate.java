package dev.weir.capacity;

import java.util.Arrays;

/**
 * Counts a minute.
 *
 * @param peak of the fullest minute
 * @param p95 that 95 of 100 minutes do not exceed (nearest rank), of those in which there was any
 */
public record Rate(long peak, long p95) {

  static Rate of(long... minutes) {
    if (minutes.length == 0) {
      return new Rate(0, 0);
    }
    long[] sorted = minutes.clone();
    Arrays.sort(sorted);
    int rank = Math.ceilDiv(95 * sorted.length, 100);
    return new Rate(sorted[sorted.length - 1], sorted[rank - 1]);
  }
}
