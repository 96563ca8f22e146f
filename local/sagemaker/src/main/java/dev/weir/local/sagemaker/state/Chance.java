package dev.weir.local.sagemaker.state;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Chance from a seed. Each key has its own row of draws, so that what happens to one resource does
 * not hang on how many calls others made.
 */
public final class Chance {
  private final long seed;
  private final Map<String, SplittableRandom> rows = new HashMap<>();

  public Chance(long seed) {
    this.seed = seed;
  }

  /** The key's next number, 0 to below 1. */
  public double draw(String key) {
    return row(key).nextDouble();
  }

  /** The key's next identifier. */
  public String id(String key) {
    SplittableRandom row = row(key);
    return new UUID(row.nextLong(), row.nextLong()).toString();
  }

  private SplittableRandom row(String key) {
    return rows.computeIfAbsent(
        key, name -> new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ name.hashCode()));
  }
}
