package dev.weir.tenant;

/**
 * What a tenant has used, reservations of calls in flight included.
 *
 * @param dayMicroUsd micro-USD of the current UTC day
 * @param monthMicroUsd micro-USD of the current UTC month
 * @param lifetimeMicroUsd micro-USD ever
 * @param requests requests admitted ever
 * @param tokens tokens reserved ever, less what was given back within its window
 * @param inFlight concurrency slots held
 */
public record Spend(
    long dayMicroUsd,
    long monthMicroUsd,
    long lifetimeMicroUsd,
    long requests,
    long tokens,
    int inFlight) {

  /** Both together. */
  Spend plus(Spend other) {
    return new Spend(
        dayMicroUsd + other.dayMicroUsd,
        monthMicroUsd + other.monthMicroUsd,
        lifetimeMicroUsd + other.lifetimeMicroUsd,
        requests + other.requests,
        tokens + other.tokens,
        inFlight + other.inFlight);
  }
}
