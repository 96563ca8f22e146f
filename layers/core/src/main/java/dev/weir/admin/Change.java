package dev.weir.admin;

import dev.weir.tenant.AtBudget;
import dev.weir.tenant.Configuration;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is to become different of a tenant's configuration; all else stays.
 *
 * @param limits those that change; an empty one is no limit any more
 * @param shards how many items share its limits
 * @param capture for how long requests and answers are captured from now on; zero: not
 * @param sessions whether its turns may be kept
 */
record Change(
    Optional<Tenant.Status> status,
    Optional<EstimateMode> estimate,
    Map<Limit, OptionalLong> limits,
    Optional<String> guard,
    Optional<AtBudget> atBudget,
    Optional<Duration> capture,
    Optional<Boolean> sessions,
    OptionalInt shards) {

  boolean isNothing() {
    return equals(
        new Change(
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty()));
  }

  Configuration of(Configuration now, Instant at) {
    return new Configuration(
        status.orElse(now.status()),
        estimate.orElse(now.estimate()),
        Limit.changed(now.limits(), limits),
        guard.or(now::guard),
        atBudget.orElse(now.atBudget()),
        capture
            .map(time ->
                Optional.of(at.plus(time).truncatedTo(ChronoUnit.SECONDS))
                    .filter(_ -> time.isPositive()))
            .orElse(now.capture()),
        sessions.orElse(now.sessions()));
  }
}
