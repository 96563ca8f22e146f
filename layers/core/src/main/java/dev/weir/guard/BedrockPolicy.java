package dev.weir.guard;

import dev.weir.ledger.GuardrailPrice;
import java.time.Duration;

/**
 * How a guard set uses the Bedrock guardrail, where one is deployed.
 *
 * @param input whether requests are shown to it
 * @param output whether answers are
 * @param onError what happens to a text it did not judge
 * @param timeout how long one judgement may take
 */
public record BedrockPolicy(
    boolean input, boolean output, OnError onError, Duration timeout, GuardrailPrice price) {

  boolean looks(Direction direction) {
    return switch (direction) {
      case INPUT -> input;
      case OUTPUT -> output;
    };
  }

  /** Both policies' demands: the shorter patience, and closed unless both are open. */
  BedrockPolicy with(BedrockPolicy other) {
    return new BedrockPolicy(
        input || other.input,
        output || other.output,
        onError == OnError.OPEN ? other.onError : onError,
        timeout.compareTo(other.timeout) < 0 ? timeout : other.timeout,
        price);
  }
}
