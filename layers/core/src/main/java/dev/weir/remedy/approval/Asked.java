package dev.weir.remedy.approval;

import java.util.Optional;

/**
 * What the guard wants answered.
 *
 * @param token the task's, which ends its wait
 * @param run its start and its execution, as its own rows of the incident begin
 * @param plan JSON
 * @param seconds it waits
 */
public record Asked(
    String token,
    String incident,
    String run,
    String action,
    String kind,
    String name,
    String plan,
    String severity,
    Optional<String> requestedBy,
    long seconds) {

  /** Without the token, which must not be logged. */
  @Override
  public String toString() {
    return "Asked[" + incident + "]";
  }
}
