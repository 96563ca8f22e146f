package dev.weir.local.lambda;

/**
 * What an environment is doing.
 *
 * @param state STARTING, READY, FROZEN or DEAD
 * @param inFlight events it has now
 * @param invocations events it was ever given
 */
public record EnvironmentStatus(
    String function, long pid, String state, int inFlight, long invocations) {}
