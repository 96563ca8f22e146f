package dev.weir.remedy.approval;

import java.time.Instant;
import java.util.Optional;

/**
 * May this plan be carried out? The task token that waits for the answer is not in it.
 *
 * @param id names it in links; nobody can guess it
 * @param incident what it is asked for
 * @param run the guard's execution as the incident's rows name it
 * @param kind what the target is, such as {@code endpoint}
 * @param name the target's
 * @param plan JSON, as the action's machine made it
 * @param requestedBy the person who started it; empty for alarms and schedules
 * @param expiry from when on no answer is taken
 */
public record Question(
    String id,
    String incident,
    String run,
    String action,
    String kind,
    String name,
    String plan,
    String severity,
    Optional<String> requestedBy,
    Instant askedAt,
    Instant expiry,
    Optional<Decision> decision) {}
