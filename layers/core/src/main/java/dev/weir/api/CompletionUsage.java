package dev.weir.api;

/**
 * Tokens of one completion as OpenAI counts them.
 *
 * @param promptTokens the whole prompt, cached or not
 * @param completionTokens everything generated, reasoning included
 * @param cachedTokens the part of the prompt read from the provider's prompt cache
 * @param cacheWriteTokens the part of the prompt written to it
 */
public record CompletionUsage(
    long promptTokens, long completionTokens, long cachedTokens, long cacheWriteTokens) {

  long totalTokens() {
    return promptTokens + completionTokens;
  }
}
