package dev.weir.guard;

import dev.weir.ledger.TextUnits;
import java.time.Duration;
import java.util.List;

/** Asks the deployed Bedrock guardrail. The adapter lives in functions/inference. Thread-safe. */
public interface Guardrail {

  /**
   * Shows it texts. Makes one attempt; returns, never throws, for every failure.
   *
   * @param texts none empty
   * @param timeout when to give up
   */
  Assessment apply(GuardrailRef ref, Direction direction, List<String> texts, Duration timeout);

  /** What it makes of the texts. */
  sealed interface Assessment {

    /** They may pass. */
    record Clean(TextUnits units) implements Assessment {}

    /**
     * They may pass once these places are masked.
     *
     * @param masks what takes the place of each found text
     */
    record Sensitive(Masks masks, TextUnits units) implements Assessment {}

    /** They must not pass. */
    record Refused(TextUnits units) implements Assessment {}

    /**
     * It did not judge.
     *
     * @param detail an exception's name, never a text
     */
    record Failed(String detail) implements Assessment {}
  }
}
