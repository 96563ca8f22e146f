package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads a model's {@code similar}: {@code embedding}, {@code threshold} and {@code ttlSeconds}. */
final class SimilarReader {

  private static final long LONGEST_LIFE = Duration.ofDays(30).toSeconds();

  private final Map<String, EmbeddingModel> embeddings;

  SimilarReader(Map<String, EmbeddingModel> embeddings) {
    this.embeddings = embeddings;
  }

  /**
   * Reads one model's.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  Optional<Similar> read(JsonNode row, String model) {
    JsonNode similar = row.path("similar");
    if (similar.isMissingNode()) {
      return Optional.empty();
    }
    if (row.path("cache").path("mode").asText("off").equals("off")) {
      throw wrong("similar", model, "needs a cache.mode that keeps answers");
    }
    EmbeddingModel embedding = embeddings.get(similar.path("embedding").asText());
    if (embedding == null) {
      throw wrong("similar.embedding", model, "must be one of " + embeddings.keySet());
    }
    JsonNode seconds = similar.path("ttlSeconds");
    if (!seconds.canConvertToLong() || seconds.asLong() < 1 || seconds.asLong() > LONGEST_LIFE) {
      throw wrong("similar.ttlSeconds", model, "must be an integer from 1 to " + LONGEST_LIFE);
    }
    return Optional.of(
        new Similar(
            threshold(similar.path("threshold"), embedding, model),
            embedding,
            Duration.ofSeconds(seconds.asLong())));
  }

  private static double threshold(JsonNode value, EmbeddingModel embedding, String model) {
    if (value.isMissingNode()) {
      return embedding
          .similarThreshold()
          .orElseThrow(() ->
              wrong(
                  "similar.threshold",
                  model,
                  "must be given: none has been measured for " + embedding.id()));
    }
    if (!value.isNumber() || value.asDouble() <= 0.5 || value.asDouble() > 1) {
      throw wrong("similar.threshold", model, "must be a number above 0.5, 1 at most");
    }
    return value.asDouble();
  }

  private static IllegalArgumentException wrong(String key, String model, String what) {
    return new IllegalArgumentException("models.json: %s of %s %s".formatted(key, model, what));
  }
}
