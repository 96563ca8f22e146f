package dev.weir.ledger;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Splits a whole number of tokens by weight, exactly: by largest remainder (Hamilton's method), so
 * that the shares add up to the total.
 */
public final class Shares {

  private Shares() {}

  /**
   * One share for each weight.
   *
   * @param total 0 or more
   * @param weights each above 0
   */
  public static long[] of(long total, long[] weights) {
    long sum = Arrays.stream(weights).sum();
    long[] shares = new long[weights.length];
    long[] remainders = new long[weights.length];
    long left = total;
    for (int i = 0; i < weights.length; i++) {
      long product = Math.multiplyExact(total, weights[i]);
      shares[i] = product / sum;
      remainders[i] = product % sum;
      left -= shares[i];
    }
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> remainders[i]).reversed())
        .limit(left)
        .forEach(i -> shares[i]++);
    return shares;
  }
}
