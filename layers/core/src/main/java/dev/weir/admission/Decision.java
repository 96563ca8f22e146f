package dev.weir.admission;

import java.time.Duration;
import java.util.Optional;

/** The answer to an {@link Ask}. Refusals are values. */
public sealed interface Decision {

  /** What the tenant has left; feeds the {@code x-ratelimit-*} headers. */
  Headroom headroom();

  /** The call may proceed and must be settled with this reservation. */
  record Admitted(Reservation reservation, Headroom headroom) implements Decision {}

  /**
   * The call must not proceed.
   *
   * @param retryAfter a wait after which the same call passes if nobody else asks; absent where
   *     waiting does not help
   * @param doubtful what may have been reserved unheard: to be settled at nothing once the refusal
   *     is on its way, else it stays charged
   */
  record Rejected(
      Dimension dimension,
      Optional<Duration> retryAfter,
      Headroom headroom,
      Optional<Reservation> doubtful)
      implements Decision {

    public Rejected(Dimension dimension, Optional<Duration> retryAfter, Headroom headroom) {
      this(dimension, retryAfter, headroom, Optional.empty());
    }
  }
}
