package dev.weir.ledger;

/**
 * What Bedrock Guardrails cost, in integer pico-USD per text unit of up to 1,000 characters. Word
 * filters and own regular expressions are free.
 *
 * @param id the price row's id
 * @param source where the figures were read
 * @param date when they were read, ISO 8601
 */
public record GuardrailPrice(
    String id,
    long contentPicoUsd,
    long topicPicoUsd,
    long sensitivePicoUsd,
    long groundingPicoUsd,
    String source,
    String date) {

  /** What this use costs, exactly. */
  public Cost of(TextUnits units) {
    return new Cost(
        Math.addExact(
            Math.addExact(
                Math.multiplyExact(units.content(), contentPicoUsd),
                Math.multiplyExact(units.topic(), topicPicoUsd)),
            Math.addExact(
                Math.multiplyExact(units.sensitive(), sensitivePicoUsd),
                Math.multiplyExact(units.grounding(), groundingPicoUsd))));
  }

  /** The most so many units can cost, whatever policies the guardrail has but grounding. */
  public Cost bound(long units) {
    return of(new TextUnits(units, units, units, 0));
  }
}
