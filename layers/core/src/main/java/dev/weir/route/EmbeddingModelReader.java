package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.guard.GuardBook;
import dev.weir.ledger.Price;
import dev.weir.ledger.PriceBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Reads the rows of {@code models.json} whose {@code kind} is {@code embedding}. */
final class EmbeddingModelReader {

  private static final long MOST_DIMENSIONS = 4_096;
  private static final long LONGEST_TEXT = 1_000_000;
  private static final long LONGEST_LIFE = Duration.ofDays(365).toSeconds();

  private final PriceBook prices;
  private final GuardBook guards;

  EmbeddingModelReader(PriceBook prices, GuardBook guards) {
    this.prices = prices;
    this.guards = guards;
  }

  /**
   * Reads one model.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  EmbeddingModel read(JsonNode row) {
    String id = row.path("id").asText();
    Price price =
        prices
            .find(row.path("price").asText())
            .orElseThrow(() -> wrong("price", id, "must be an id of prices.json"));
    EmbeddingFamily family =
        EmbeddingFamily.find(row.path("family").asText())
            .orElseThrow(() -> wrong("family", id, "must be one of " + EmbeddingFamily.texts()));
    return new EmbeddingModel(
        id,
        text(row, "target", id),
        text(row, "ownedBy", id),
        number(row.path("created"), "created", id, Long.MAX_VALUE),
        family,
        dimensions(row, id),
        (int) number(row.path("maxCharacters"), "maxCharacters", id, LONGEST_TEXT),
        price,
        timeToLive(row.path("cache").path("ttlSeconds"), id),
        guards.ofModel(id, row.path("guard").asText()),
        similarThreshold(row.path("similarThreshold"), id));
  }

  private static List<Integer> dimensions(JsonNode row, String id) {
    List<Integer> dimensions = new ArrayList<>();
    for (JsonNode each : row.path("dimensions")) {
      dimensions.add((int) number(each, "dimensions", id, MOST_DIMENSIONS));
    }
    if (dimensions.isEmpty()) {
      throw wrong("dimensions", id, "must name at least one length");
    }
    return List.copyOf(dimensions);
  }

  private static OptionalDouble similarThreshold(JsonNode value, String id) {
    if (value.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber() || value.asDouble() <= 0.5 || value.asDouble() > 1) {
      throw wrong("similarThreshold", id, "must be a number above 0.5, 1 at most");
    }
    return OptionalDouble.of(value.asDouble());
  }

  private static Duration timeToLive(JsonNode value, String id) {
    return value.isMissingNode()
        ? Duration.ZERO
        : Duration.ofSeconds(number(value, "cache.ttlSeconds", id, LONGEST_LIFE));
  }

  private static String text(JsonNode row, String key, String id) {
    String value = row.path(key).asText();
    if (value.isEmpty()) {
      throw wrong(key, id, "is missing");
    }
    return value;
  }

  private static long number(JsonNode value, String key, String id, long most) {
    if (!value.canConvertToLong() || value.asLong() <= 0 || value.asLong() > most) {
      throw wrong(
          key,
          id,
          most == Long.MAX_VALUE
              ? "must be an integer above 0"
              : "must be an integer from 1 to " + most);
    }
    return value.asLong();
  }

  private static IllegalArgumentException wrong(String key, String id, String what) {
    return new IllegalArgumentException("models.json: %s of %s %s".formatted(key, id, what));
  }
}
