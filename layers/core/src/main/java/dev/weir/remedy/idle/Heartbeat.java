package dev.weir.remedy.idle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a notebook says of itself. Its times are by its own clock, so only their differences are
 * sure.
 *
 * @param at when it was written
 * @param lastActivity the latest of all kernels and terminals; empty where none was ever opened
 * @param startingSince since when the oldest kernel that is starting has been; empty where none is
 * @param terminals open terminals
 * @param cpuPercent of all cores, 0 to 100
 * @param gpuPercent of the busiest GPU; empty without one
 */
public record Heartbeat(
    Instant at,
    Optional<Instant> lastActivity,
    int busyKernels,
    Optional<Instant> startingSince,
    int terminals,
    double cpuPercent,
    OptionalDouble gpuPercent) {

  /** For how long nothing has happened, given when the notebook was started. */
  Duration quiet(Instant started) {
    return Duration.between(lastActivity.orElse(started), at);
  }
}
