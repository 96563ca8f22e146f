package dev.weir.admission;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** How the clocks of a simulated fleet err. */
enum Skew {
  /** Every clock is right. */
  NONE,
  /** Each clock is always off by the most allowed, fast or slow. */
  CONST,
  /** Each reading of each clock is off by the most allowed, fast or slow. */
  RAND;

  /** One environment's clock. */
  InstantSource clock(InstantSource truth, long errorMillis, RandomGenerator random) {
    long fixed = random.nextBoolean() ? errorMillis : -errorMillis;
    return () ->
        Instant.ofEpochMilli(
            truth.millis()
                + switch (this) {
                  case NONE -> 0;
                  case CONST -> fixed;
                  case RAND -> random.nextBoolean() ? errorMillis : -errorMillis;
                });
  }
}
