package dev.weir.admission;

import java.time.Duration;
import java.util.Optional;

/** What is left of the rate limits, as OpenAI's {@code x-ratelimit-*} headers say it. */
public record Headroom(Optional<Window> requests, Optional<Window> tokens) {

  public static final Headroom UNKNOWN = new Headroom(Optional.empty(), Optional.empty());

  /**
   * One rolling window.
   *
   * @param limit the limit per 60 s
   * @param remaining what may still be asked for now, 0 or more
   * @param reset when the window will be empty again if nothing more is asked
   */
  public record Window(long limit, long remaining, Duration reset) {}
}
