package dev.weir.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Prices by id, read once from {@code prices.json} of the catalog. Immutable. */
public final class PriceBook {

  private final Map<String, Price> prices;
  private final Map<String, GuardrailPrice> guardrails;

  private PriceBook(Map<String, Price> prices, Map<String, GuardrailPrice> guardrails) {
    this.prices = Map.copyOf(prices);
    this.guardrails = Map.copyOf(guardrails);
  }

  /**
   * Reads {@code prices.json}.
   *
   * @throws IllegalArgumentException naming the row and field that is wrong
   */
  public static PriceBook read(Path file) {
    Map<String, Price> prices = new HashMap<>();
    Map<String, GuardrailPrice> guardrails = new HashMap<>();
    try {
      JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
      for (JsonNode row : root.path("guardrails")) {
        guardrails.put(row.path("id").asText(), guardrail(row));
      }
      for (JsonNode row : root.path("prices")) {
        Price price = price(row);
        if (prices.put(price.id(), price) != null) {
          throw new IllegalArgumentException("prices.json: id " + price.id() + " appears twice");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return new PriceBook(prices, guardrails);
  }

  private static Price price(JsonNode row) {
    String id = row.path("id").asText();
    long input = required(row, id, "inputPicoUsd");
    // A token without a price of its own is billed as plain input: never free by omission.
    return new Price(
        id,
        input,
        required(row, id, "outputPicoUsd"),
        row.path("cacheReadPicoUsd").asLong(input),
        row.path("cacheWrite5mPicoUsd").asLong(input),
        row.path("cacheWrite1hPicoUsd").asLong(input),
        row.path("source").asText(),
        row.path("date").asText());
  }

  private static GuardrailPrice guardrail(JsonNode row) {
    String id = row.path("id").asText();
    return new GuardrailPrice(
        id,
        required(row, id, "contentPicoUsd"),
        required(row, id, "topicPicoUsd"),
        required(row, id, "sensitivePicoUsd"),
        required(row, id, "groundingPicoUsd"),
        row.path("source").asText(),
        row.path("date").asText());
  }

  private static long required(JsonNode row, String id, String field) {
    JsonNode value = row.path(field);
    if (!value.canConvertToLong() || value.asLong() < 0) {
      throw new IllegalArgumentException(
          "prices.json: %s of %s must be an integer of 0 or more pico-USD".formatted(field, id));
    }
    return value.asLong();
  }

  public Optional<Price> find(String id) {
    return Optional.ofNullable(prices.get(id));
  }

  /** What a Bedrock guardrail costs. */
  public Optional<GuardrailPrice> findGuardrail(String id) {
    return Optional.ofNullable(guardrails.get(id));
  }
}
