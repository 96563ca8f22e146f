package dev.weir.ledger;

/**
 * What one model's tokens cost, in integer pico-USD (1e-12 USD) per token.
 *
 * @param id the price row's id
 * @param source where the figure was read
 * @param date when it was read, ISO 8601
 */
public record Price(
    String id,
    long inputPicoUsd,
    long outputPicoUsd,
    long cacheReadPicoUsd,
    long cacheWrite5mPicoUsd,
    long cacheWrite1hPicoUsd,
    String source,
    String date) {

  /** What this usage costs, exactly. */
  public Cost of(Usage usage) {
    return new Cost(
        sum(
            Math.multiplyExact(usage.inputTokens(), inputPicoUsd),
            Math.multiplyExact(usage.outputTokens(), outputPicoUsd),
            Math.multiplyExact(usage.cacheReadTokens(), cacheReadPicoUsd),
            Math.multiplyExact(usage.cacheWrite5mTokens(), cacheWrite5mPicoUsd),
            Math.multiplyExact(usage.cacheWrite1hTokens(), cacheWrite1hPicoUsd)));
  }

  /**
   * The most a call may cost whose prompt has at most {@code promptTokens}: each prompt token at
   * the dearest way a prompt token can be billed.
   */
  public Cost bound(long promptTokens, long outputTokens) {
    long dearest =
        Math.max(
            Math.max(inputPicoUsd, cacheReadPicoUsd),
            Math.max(cacheWrite5mPicoUsd, cacheWrite1hPicoUsd));
    return new Cost(
        sum(
            Math.multiplyExact(promptTokens, dearest),
            Math.multiplyExact(outputTokens, outputPicoUsd)));
  }

  private static long sum(long... parts) {
    long total = 0;
    for (long part : parts) {
      total = Math.addExact(total, part);
    }
    return total;
  }
}
