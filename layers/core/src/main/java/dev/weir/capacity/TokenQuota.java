package dev.weir.capacity;

import dev.weir.ledger.Usage;

/**
 * A quota of tokens per minute.
 *
 * @param perMinute 1 or more
 * @param outputBurndown tokens of the quota that one output token takes, 1 to 100
 */
public record TokenQuota(long perMinute, int outputBurndown) {

  /**
   * What a call has taken of the quota when it is over: its prompt without what came from the
   * prompt cache, and its output by the burndown rate (Amazon Bedrock User Guide, "How tokens are
   * counted in Amazon Bedrock", <a
   * href="https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html">quotas-token-burndown</a>).
   * While it runs, Bedrock holds its whole prompt and its {@code max_tokens} instead.
   */
  public long taken(Usage usage) {
    return usage.inputTokens()
        + usage.cacheWrite5mTokens()
        + usage.cacheWrite1hTokens()
        + usage.outputTokens() * outputBurndown;
  }
}
