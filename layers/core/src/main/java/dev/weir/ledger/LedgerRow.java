package dev.weir.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What one admitted request used and cost: the bill's only source.
 *
 * @param requestId the id the client saw
 * @param model the model as the client named it
 * @param target the Bedrock model that answered
 * @param outcome {@code complete}, {@code cache_hit}, {@code guard_blocked}, {@code
 *     guard_unavailable} or a fault's kind in lower case
 * @param usage what was billed; zero for a cache hit
 * @param served what the answer would have cost from the model; differs from usage on a cache hit
 * @param estimated whether usage is our bound, because the model did not report it
 * @param cost what was billed
 * @param priceId the price row used
 * @param hops every attempt that was made for it, in order
 * @param atMillis epoch milliseconds at which the request was admitted
 * @param durationMillis from admission to the last byte
 * @param guard what the guards did
 * @param retrieval what the answer was grounded in, where the model has a knowledge base
 * @param cascade what a cascade decided, such as {@code small} or {@code escalated; refusal}
 */
public record LedgerRow(
    String tenantId,
    String keyId,
    String requestId,
    Optional<String> traceId,
    String model,
    String target,
    boolean stream,
    String outcome,
    Optional<String> finishReason,
    Usage usage,
    Usage served,
    boolean estimated,
    Cost cost,
    String priceId,
    String priceDate,
    List<Hop> hops,
    long atMillis,
    long durationMillis,
    GuardMark guard,
    Optional<RetrievalMark> retrieval,
    Savings saved,
    Optional<String> cascade) {

  /**
   * One attempt.
   *
   * @param target the Bedrock model that was asked
   * @param outcome {@code complete} or a fault's kind in lower case
   * @param millis how long it took
   * @param cost what was charged for it, by its own price
   * @param usage what it used
   * @param requests how many were sent for it: more than one only for vectors
   * @param part what it was asked for in a cascade, such as {@code small}; empty without one
   */
  public record Hop(
      String target,
      String outcome,
      long millis,
      Cost cost,
      Usage usage,
      int requests,
      String part) {

    /** An attempt of one request without a cascade. */
    public Hop(String target, String outcome, long millis, Cost cost, Usage usage) {
      this(target, outcome, millis, cost, usage, 1, "");
    }
  }
}
