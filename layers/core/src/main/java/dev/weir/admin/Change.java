package dev.weir.admin;

import dev.weir.tenant.AtBudget;
import dev.weir.tenant.Configuration;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.SessionRule;
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
 * @param sessionIdleHours how long after the last turn at most; 0: as the stack says
 * @param sessionDays how long after the first turn at most; 0: as the stack says
 */
record Change(
    Optional<Tenant.Status> status,
    Optional<EstimateMode> estimate,
    Map<Limit, OptionalLong> limits,
    Optional<String> guard,
    Optional<AtBudget> atBudget,
    Optional<Duration> capture,
    Optional<Boolean> sessions,
    OptionalInt sessionIdleHours,
    OptionalInt sessionDays,
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
            OptionalInt.empty(),
            OptionalInt.empty(),
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
        of(now.sessions()));
  }

  private SessionRule of(SessionRule now) {
    return new SessionRule(
        sessions.orElse(now.isAllowed()),
        changed(now.idleHours(), sessionIdleHours),
        changed(now.days(), sessionDays));
  }

  private static OptionalInt changed(OptionalInt now, OptionalInt wanted) {
    return wanted.isEmpty() ? now : wanted.getAsInt() == 0 ? OptionalInt.empty() : wanted;
  }
}
