package dev.weir.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One row of {@code prices.json}.
 *
 * @param name its id, after its Region if it has one
 */
record PriceRow(JsonNode row, String name) {

  /**
   * What tokens cost. A token without a price of its own is billed as plain input, or as the
   * shorter cache write: never free by omission.
   *
   * @throws IllegalArgumentException naming the row and field that is wrong
   */
  Price price() {
    Price plain = tokens(row, name, Optional.empty());
    JsonNode longer = row.path("longContext");
    if (longer.isMissingNode()) {
      return plain;
    }
    String where = name + "'s longContext";
    Price dearer = tokens(longer, where, Optional.empty());
    if (dearer.bound(1, 0).picoUsd() < plain.bound(1, 0).picoUsd()
        || dearer.outputPicoUsd() < plain.outputPicoUsd()) {
      throw new IllegalArgumentException("prices.json: " + where + " must not be cheaper");
    }
    return tokens(
        row,
        name,
        Optional.of(new Price.LongContext(amount(longer, where, "aboveTokens"), dearer)));
  }

  private Price tokens(JsonNode rates, String where, Optional<Price.LongContext> longContext) {
    long input = amount(rates, where, "inputPicoUsd");
    long write = amountOr(rates, where, "cacheWrite5mPicoUsd", input);
    return new Price(
        name,
        input,
        amount(rates, where, "outputPicoUsd"),
        amountOr(rates, where, "cacheReadPicoUsd", input),
        write,
        amountOr(rates, where, "cacheWrite1hPicoUsd", write),
        row.path("source").asText(),
        row.path("date").asText(),
        longContext);
  }

  /**
   * What a guardrail costs.
   *
   * @throws IllegalArgumentException naming the row and field that is wrong
   */
  GuardrailPrice guardrail() {
    return new GuardrailPrice(
        name,
        amount(row, name, "contentPicoUsd"),
        amount(row, name, "topicPicoUsd"),
        amount(row, name, "sensitivePicoUsd"),
        amount(row, name, "groundingPicoUsd"),
        row.path("source").asText(),
        row.path("date").asText());
  }

  private static long amountOr(JsonNode rates, String where, String field, long absent) {
    return rates.has(field) ? amount(rates, where, field) : absent;
  }

  private static long amount(JsonNode rates, String where, String field) {
    JsonNode value = rates.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
      throw new IllegalArgumentException(
          "prices.json: %s of %s must be an integer of 0 or more".formatted(field, where));
    }
    return value.asLong();
  }
}
