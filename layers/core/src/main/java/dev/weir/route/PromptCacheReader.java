package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code promptCache} of a model or a target. */
final class PromptCacheReader {

  private static final int MOST_POINTS = 4;
  private static final Set<String> KEYS = Set.of("mode", "points", "minTokens", "tools", "hour");

  private PromptCacheReader() {}

  /**
   * Reads one declaration; without one nothing is kept.
   *
   * @param wrong makes an error of a key and what it must be
   * @throws IllegalArgumentException naming the key and what it may be
   */
  static PromptCache read(JsonNode row, Wrong wrong) {
    JsonNode cache = row.path("promptCache");
    if (cache.isMissingNode()) {
      return PromptCache.OFF;
    }
    for (var field : cache.properties()) {
      if (!KEYS.contains(field.getKey())) {
        throw wrong.is("promptCache." + field.getKey(), "must be one of " + KEYS);
      }
    }
    PromptCache.Mode mode =
        switch (cache.path("mode").asText()) {
          case "marked" -> PromptCache.Mode.MARKED;
          case "auto" -> PromptCache.Mode.AUTO;
          default -> throw wrong.is("promptCache.mode", "must be marked or auto");
        };
    int points = cache.path("points").asInt();
    if (points < 1 || points > MOST_POINTS) {
      throw wrong.is("promptCache.points", "must be an integer from 1 to " + MOST_POINTS);
    }
    if (!cache.path("minTokens").canConvertToLong() || cache.path("minTokens").asLong() < 0) {
      throw wrong.is("promptCache.minTokens", "must be an integer of 0 or more");
    }
    Function<String, Boolean> flag =
        key -> {
          if (!cache.path(key).isBoolean()) {
            throw wrong.is("promptCache." + key, "must be true or false");
          }
          return cache.path(key).asBoolean();
        };
    return new PromptCache(
        mode, points, cache.path("minTokens").asLong(), flag.apply("tools"), flag.apply("hour"));
  }

  /** Makes the error of one key. */
  @FunctionalInterface
  interface Wrong {
    IllegalArgumentException is(String key, String what);
  }
}
