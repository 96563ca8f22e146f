package dev.weir.ledger;

/**
 * Text units that a Bedrock guardrail reported (ApplyGuardrail {@code usage}), by paid policy.
 *
 * @param content content filters, prompt attacks among them
 * @param topic denied topics
 * @param sensitive sensitive information by entity type
 * @param grounding contextual grounding
 */
public record TextUnits(long content, long topic, long sensitive, long grounding) {

  public static final TextUnits ZERO = new TextUnits(0, 0, 0, 0);
}
