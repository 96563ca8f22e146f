package dev.weir.admission;

import java.time.Duration;
import java.util.Optional;

/** Why a view lets a call not pass, and when it would. */
record Refusal(Dimension dimension, Optional<Duration> retryAfter) {

  static Refusal forGood(Dimension dimension) {
    return new Refusal(dimension, Optional.empty());
  }
}
