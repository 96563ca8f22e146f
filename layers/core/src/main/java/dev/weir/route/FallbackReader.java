package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.ledger.Price;
import dev.weir.ledger.PriceBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what stands in for a model: {@code targets}, {@code attempts} and {@code staleSeconds}. */
final class FallbackReader {

  private static final int MOST_ATTEMPTS = 10;
  private static final long LONGEST_STALE = Duration.ofDays(30).toSeconds();

  private final JsonNode rows;
  private final PriceBook prices;

  /**
   * @param rows every row of {@code models.json}
   */
  FallbackReader(JsonNode rows, PriceBook prices) {
    this.rows = rows;
    this.prices = prices;
  }

  /**
   * Reads one model's.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  Model.Fallback read(JsonNode row, String model) {
    List<Target> targets = new ArrayList<>();
    Set<String> seen = new HashSet<>(Set.of(row.path("target").asText()));
    for (JsonNode each : row.path("targets")) {
      Target target = target(each, model, "targets[%d]".formatted(targets.size()));
      if (!seen.add(target.id())) {
        throw wrong("targets", model, "must not name " + target.id() + " twice");
      }
      targets.add(target);
    }
    return new Model.Fallback(
        List.copyOf(targets), attempts(row, model, targets.size()), stale(row, model));
  }

  private static int attempts(JsonNode row, String model, int targets) {
    JsonNode value = row.path("attempts");
    if (value.isMissingNode() && targets == 0) {
      return 1;
    }
    int least = targets == 0 ? 1 : 2;
    if (!value.isInt() || value.asInt() < least || value.asInt() > MOST_ATTEMPTS) {
      throw wrong(
          "attempts", model, "must be an integer from %d to %d".formatted(least, MOST_ATTEMPTS));
    }
    return value.asInt();
  }

  private static Duration stale(JsonNode row, String model) {
    JsonNode value = row.path("staleSeconds");
    if (value.isMissingNode()) {
      return Duration.ZERO;
    }
    if (!value.canConvertToLong() || value.asLong() < 0 || value.asLong() > LONGEST_STALE) {
      throw wrong("staleSeconds", model, "must be an integer from 0 to " + LONGEST_STALE);
    }
    return Duration.ofSeconds(value.asLong());
  }

  private Target target(JsonNode row, String model, String where) {
    String id = row.path("target").asText();
    if (id.isEmpty()) {
      throw wrong(where + ".target", model, "is missing");
    }
    SageMakerTarget.check(row, where + ".", model);
    Price price =
        prices
            .find(row.path("price").asText())
            .orElseThrow(() -> wrong(where + ".price", model, "must be an id of prices.json"));
    return new Target(
        kind(row, id, model, where),
        id,
        price,
        positive(row, "contextTokens", model, where),
        positive(row, "maxOutputTokens", model, where),
        flag(row, "images", model, where),
        flag(row, "tools", model, where),
        Target.Step.find(row.path("step").asText())
            .orElseThrow(
                () -> wrong(where + ".step", model, "must be one of " + Target.Step.texts())),
        owners(id),
        PromptCacheReader.read(row, (key, what) -> wrong(where + "." + key, model, what)));
  }

  private static Target.Kind kind(JsonNode row, String id, String model, String where) {
    Optional<Target.Kind> kind = Target.Kind.find(row.path("kind").asText());
    if (kind.isEmpty()) {
      throw wrong(where + ".kind", model, "must be one of " + Target.Kind.texts());
    }
    Target.Kind real = Target.Kind.of(id);
    if (kind.get() != real) {
      throw wrong(where + ".kind", model, "must be " + real.text() + ", which " + id + " is");
    }
    return real;
  }

  private Set<String> owners(String target) {
    return rows.valueStream()
        .filter(row -> row.path("target").asText().equals(target))
        .map(row -> row.path("id").asText())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static long positive(JsonNode row, String key, String model, String where) {
    JsonNode value = row.path(key);
    if (!value.canConvertToLong() || value.asLong() <= 0) {
      throw wrong(where + "." + key, model, "must be an integer above 0");
    }
    return value.asLong();
  }

  private static boolean flag(JsonNode row, String key, String model, String where) {
    JsonNode value = row.path(key);
    if (!value.isBoolean()) {
      throw wrong(where + "." + key, model, "must be true or false");
    }
    return value.asBoolean();
  }

  private static IllegalArgumentException wrong(String key, String model, String what) {
    return new IllegalArgumentException("models.json: %s of %s %s".formatted(key, model, what));
  }
}
