package dev.weir.ledger;

/**
 * What a call cost less than it would have cost otherwise, in pico-USD; below 0 where it cost more.
 *
 * @param promptCachePicoUsd by the provider's prompt cache, exactly
 * @param cascadePicoUsd by a cascade: an estimate, since the large model would have said something
 *     else
 */
public record Savings(long promptCachePicoUsd, long cascadePicoUsd) {

  public static final Savings NONE = new Savings(0, 0);

  /** By the provider's prompt cache alone. */
  public static Savings byPromptCache(long picoUsd) {
    return new Savings(picoUsd, 0);
  }

  /** By a cascade alone. */
  public static Savings byCascade(long picoUsd) {
    return new Savings(0, picoUsd);
  }

  /** The sum. */
  public Savings plus(Savings other) {
    return new Savings(
        Math.addExact(promptCachePicoUsd, other.promptCachePicoUsd),
        Math.addExact(cascadePicoUsd, other.cascadePicoUsd));
  }
}
