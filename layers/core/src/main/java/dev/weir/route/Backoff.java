package dev.weir.route;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Waits before a retry, spread evenly from nothing to the longest ("full jitter", AWS Architecture
 * Blog, "Exponential Backoff And Jitter"), so that those who failed together do not come back
 * together.
 */
public final class Backoff implements Supplier<Duration> {

  private static final long LONGEST_MILLIS = 200;

  private final RandomGenerator random;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Duration get() {
    return Duration.ofMillis(random.nextLong(LONGEST_MILLIS + 1));
  }
}
