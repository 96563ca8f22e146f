package dev.weir.local.bedrock.model;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** How fast the scripted models speak; at once, until told otherwise. */
public final class Pace {
  private final AtomicReference<Duration> perToken = new AtomicReference<>(Duration.ZERO);

  /** Sets the speed; 0 means without any wait. */
  public void tokensPerSecond(double rate) {
    perToken.set(rate <= 0 ? Duration.ZERO : Duration.ofNanos((long) (1e9 / rate)));
  }

  Duration perToken() {
    return perToken.get();
  }
}
