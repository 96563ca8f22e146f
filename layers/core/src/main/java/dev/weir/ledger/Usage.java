package dev.weir.ledger;

/**
 * Tokens of one call as the model reported them. {@code inputTokens} excludes cache reads and
 * writes (Bedrock Converse {@code TokenUsage}).
 *
 * @param inputTokens uncached prompt tokens, 0 or more
 * @param outputTokens completion tokens, 0 or more
 * @param cacheReadTokens prompt tokens read from the provider's prompt cache
 * @param cacheWrite5mTokens prompt tokens written to it with a 5 minute lifetime
 * @param cacheWrite1hTokens prompt tokens written to it with a 1 hour lifetime
 */
public record Usage(
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWrite5mTokens,
    long cacheWrite1hTokens) {

  public static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

  /** Usage without provider prompt caching. */
  public static Usage of(long inputTokens, long outputTokens) {
    return new Usage(inputTokens, outputTokens, 0, 0, 0);
  }

  /** The sum, kind by kind. */
  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cacheReadTokens + other.cacheReadTokens,
        cacheWrite5mTokens + other.cacheWrite5mTokens,
        cacheWrite1hTokens + other.cacheWrite1hTokens);
  }

  /** Everything the prompt held, cached or not. */
  public long promptTokens() {
    return inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
  }

  /** Prompt and completion together: what a tokens-per-minute limit counts. */
  public long totalTokens() {
    return promptTokens() + outputTokens;
  }
}
