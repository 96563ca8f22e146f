package dev.weir.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that passes when it is told to. */
final class Time implements InstantSource {

  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
