package dev.weir.tenant;

import java.time.Instant;
import java.util.Optional;

/**
 * What operators set of a tenant.
 *
 * @param guard id of the guard set applied after its models' own
 * @param atBudget what happens when a budget is used up
 * @param capture until when its requests and answers are captured, to the second; absent: not
 * @param sessions whether its turns are kept, and how long
 */
public record Configuration(
    Tenant.Status status,
    EstimateMode estimate,
    Limits limits,
    Optional<String> guard,
    AtBudget atBudget,
    Optional<Instant> capture,
    SessionRule sessions) {

  /** That of an active tenant, which is only notified of its budgets. */
  public static Configuration active(Limits limits, EstimateMode estimate, Optional<String> guard) {
    return new Configuration(
        Tenant.Status.ACTIVE,
        estimate,
        limits,
        guard,
        AtBudget.NOTIFY,
        Optional.empty(),
        SessionRule.STACK);
  }
}
