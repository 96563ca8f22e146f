package dev.weir.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Declared capacities by target: the {@code capacity} of {@code models.json}. Immutable. */
public final class Capacities {

  private static final Set<String> KEYS =
      Set.of("target", "requestsPerMinute", "tokensPerMinute", "outputBurndown", "modelUnit");
  private static final Set<String> UNIT_KEYS =
      Set.of("inputTokensPerMinute", "outputTokensPerMinute", "microUsdPerHour");
  private static final long MOST = 1_000_000_000_000L;
  private static final int MOST_BURNDOWN = 100;

  private final Map<String, Capacity> capacities;

  private Capacities(Map<String, Capacity> capacities) {
    this.capacities = Map.copyOf(capacities);
  }

  /**
   * Reads the rows.
   *
   * @param targets those that the catalog asks; a row of another one would never be used
   * @throws IllegalArgumentException naming the target, the key and what it may be
   */
  public static Capacities read(JsonNode rows, Set<String> targets) {
    Map<String, Capacity> capacities = new HashMap<>();
    for (JsonNode row : rows) {
      String target = row.path("target").asText();
      if (!targets.contains(target)) {
        throw wrong("target", target, "must be a target of the catalog's models");
      }
      if (capacities.put(target, capacity(row, target)) != null) {
        throw wrong("target", target, "appears twice");
      }
    }
    return new Capacities(capacities);
  }

  /** What is declared of a target, if anything is. */
  public Optional<Capacity> find(String target) {
    return Optional.ofNullable(capacities.get(target));
  }

  private static Capacity capacity(JsonNode row, String target) {
    only(row, KEYS, target);
    OptionalLong requests =
        row.has("requestsPerMinute")
            ? OptionalLong.of(number(row, "requestsPerMinute", target, MOST))
            : OptionalLong.empty();
    return new Capacity(target, requests, tokens(row, target), unit(row, target));
  }

  /** Without its burndown a quota of tokens says nothing, and no default would be right. */
  private static Optional<TokenQuota> tokens(JsonNode row, String target) {
    if (!row.has("tokensPerMinute") && !row.has("outputBurndown")) {
      return Optional.empty();
    }
    return Optional.of(
        new TokenQuota(
            number(row, "tokensPerMinute", target, MOST),
            (int) number(row, "outputBurndown", target, MOST_BURNDOWN)));
  }

  private static Optional<ModelUnit> unit(JsonNode row, String target) {
    if (!row.has("modelUnit")) {
      return Optional.empty();
    }
    JsonNode unit = row.path("modelUnit");
    only(unit, UNIT_KEYS, target);
    return Optional.of(
        new ModelUnit(
            number(unit, "inputTokensPerMinute", target, MOST),
            number(unit, "outputTokensPerMinute", target, MOST),
            number(unit, "microUsdPerHour", target, MOST)));
  }

  private static void only(JsonNode row, Set<String> keys, String target) {
    row.fieldNames()
        .forEachRemaining(key -> {
          if (!keys.contains(key)) {
            throw wrong(key, target, "is unknown");
          }
        });
  }

  private static long number(JsonNode row, String key, String target, long most) {
    JsonNode value = row.path(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < 1
        || value.asLong() > most) {
      throw wrong(key, target, "must be an integer from 1 to " + most);
    }
    return value.asLong();
  }

  private static IllegalArgumentException wrong(String key, String target, String what) {
    return new IllegalArgumentException(
        "models.json: capacity: %s of %s %s".formatted(key, target, what));
  }
}
