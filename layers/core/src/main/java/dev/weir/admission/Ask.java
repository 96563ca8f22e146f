package dev.weir.admission;

import java.time.Duration;

/**
 * What one call asks of its tenant's limits.
 *
 * @param callId unique among the tenant's calls; the same id asked twice is admitted once
 * @param model as keys' allow-lists name it; {@link #NO_MODEL} where none is asked
 * @param tokens upper bound of prompt and completion tokens, 0 for a cache hit
 * @param microUsd upper bound of the cost in micro-USD, 0 for a cache hit
 * @param lease how long the call may hold its concurrency slot; zero takes none and needs no
 *     settlement
 */
public record Ask(
    String tenantId,
    String keyId,
    String callId,
    String model,
    long tokens,
    long microUsd,
    Duration lease) {

  /** The model of what asks none: every key may. */
  public static final String NO_MODEL = "";
}
