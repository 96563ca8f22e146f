package dev.weir.ledger;

import java.util.Optional;

/**
 * What one model's tokens cost, in integer pico-USD (1e-12 USD) per token.
 *
 * @param id the price row's id
 * @param source where the figure was read
 * @param date when it was read, ISO 8601
 * @param longContext what a call with a long prompt costs instead
 */
public record Price(
    String id,
    long inputPicoUsd,
    long outputPicoUsd,
    long cacheReadPicoUsd,
    long cacheWrite5mPicoUsd,
    long cacheWrite1hPicoUsd,
    String source,
    String date,
    Optional<LongContext> longContext) {

  /** A price that no length of prompt changes. */
  public Price(
      String id,
      long inputPicoUsd,
      long outputPicoUsd,
      long cacheReadPicoUsd,
      long cacheWrite5mPicoUsd,
      long cacheWrite1hPicoUsd,
      String source,
      String date) {
    this(
        id,
        inputPicoUsd,
        outputPicoUsd,
        cacheReadPicoUsd,
        cacheWrite5mPicoUsd,
        cacheWrite1hPicoUsd,
        source,
        date,
        Optional.empty());
  }

  /**
   * Bills every token of a call, output included, by {@code price} once its prompt is longer.
   *
   * @param aboveTokens the longest prompt, cached tokens included, of the plain price
   */
  public record LongContext(long aboveTokens, Price price) {}

  /** What this usage costs, exactly. */
  public Cost of(Usage usage) {
    Price price = ofPrompt(usage.promptTokens());
    return new Cost(
        sum(
            Math.multiplyExact(usage.inputTokens(), price.inputPicoUsd),
            Math.multiplyExact(usage.outputTokens(), price.outputPicoUsd),
            Math.multiplyExact(usage.cacheReadTokens(), price.cacheReadPicoUsd),
            Math.multiplyExact(usage.cacheWrite5mTokens(), price.cacheWrite5mPicoUsd),
            Math.multiplyExact(usage.cacheWrite1hTokens(), price.cacheWrite1hPicoUsd)));
  }

  /**
   * What the provider's prompt cache saved on this usage, exactly.
   *
   * @return below 0 where writing cost more than reading saved
   */
  public Savings saved(Usage usage) {
    Usage uncached = Usage.of(usage.promptTokens(), usage.outputTokens());
    return Savings.byPromptCache(of(uncached).picoUsd() - of(usage).picoUsd());
  }

  /**
   * The most a call may cost whose prompt has at most {@code promptTokens}: each prompt token at
   * the dearest way a prompt token can be billed.
   */
  public Cost bound(long promptTokens, long outputTokens) {
    Price price = ofPrompt(promptTokens);
    long dearest =
        Math.max(
            Math.max(price.inputPicoUsd, price.cacheReadPicoUsd),
            Math.max(price.cacheWrite5mPicoUsd, price.cacheWrite1hPicoUsd));
    return new Cost(
        sum(
            Math.multiplyExact(promptTokens, dearest),
            Math.multiplyExact(outputTokens, price.outputPicoUsd)));
  }

  private Price ofPrompt(long tokens) {
    return longContext
        .filter(dearer -> tokens > dearer.aboveTokens())
        .map(LongContext::price)
        .orElse(this);
  }

  private static long sum(long... parts) {
    long total = 0;
    for (long part : parts) {
      total = Math.addExact(total, part);
    }
    return total;
  }
}
