package dev.weir.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.ledger.Cost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code retrieval} of a row of {@code models.json}. */
public final class KnowledgeBaseReader {

  private static final List<String> FIELDS =
      List.of(
          "knowledgeBase",
          "results",
          "minScore",
          "maxTokens",
          "timeoutMs",
          "required",
          "tenantAttribute",
          "everyone",
          "picoUsdPerQuery");
  private static final int MOST_RESULTS = 100;
  private static final int LONGEST_MS = 10_000;

  private final JsonNode row;
  private final String model;

  private KnowledgeBaseReader(JsonNode row, String model) {
    this.row = row;
    this.model = model;
  }

  /**
   * Reads a model's knowledge base, if it has one.
   *
   * @throws IllegalArgumentException naming the model, the key and what it may be
   */
  public static Optional<KnowledgeBase> read(JsonNode row, String model) {
    return row.isMissingNode()
        ? Optional.empty()
        : Optional.of(new KnowledgeBaseReader(row, model).read());
  }

  private KnowledgeBase read() {
    for (var field : row.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw wrong(field.getKey(), "is unknown; known are " + String.join(", ", FIELDS));
      }
    }
    String id = row.path("knowledgeBase").asText();
    if (!id.matches("[0-9a-zA-Z]{1,10}")) {
      throw wrong("knowledgeBase", "must be 1 to 10 letters and digits");
    }
    JsonNode required = row.path("required");
    if (!required.isMissingNode() && !required.isBoolean()) {
      throw wrong("required", "must be true or false");
    }
    return new KnowledgeBase(
        id,
        (int) integer("results", 5, 1, MOST_RESULTS),
        score(),
        integer("maxTokens", 2_000, 1, 1_000_000),
        Duration.ofMillis(integer("timeoutMs", 1_500, 50, LONGEST_MS)),
        required.asBoolean(),
        permission(),
        new Cost(integer("picoUsdPerQuery", 0, 0, 1_000_000_000_000L)));
  }

  private Optional<KnowledgeBase.Permission> permission() {
    Optional<String> attribute = text("tenantAttribute");
    Optional<String> everyone = text("everyone");
    if (attribute.isEmpty() && everyone.isPresent()) {
      throw wrong("everyone", "needs tenantAttribute");
    }
    return attribute.map(name -> new KnowledgeBase.Permission(name, everyone));
  }

  private Optional<String> text(String key) {
    JsonNode value = row.path(key);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.asText().isEmpty() || value.asText().length() > 100) {
      throw wrong(key, "must be 1 to 100 characters");
    }
    return Optional.of(value.asText());
  }

  private double score() {
    JsonNode value = row.path("minScore");
    if (value.isMissingNode()) {
      return 0;
    }
    if (!value.isNumber() || value.asDouble() < 0) {
      throw wrong("minScore", "must be a number of 0 or more");
    }
    return value.asDouble();
  }

  private long integer(String key, long byDefault, long least, long most) {
    JsonNode value = row.path(key);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.canConvertToLong()
        || !value.isIntegralNumber()
        || value.asLong() < least
        || value.asLong() > most) {
      throw wrong(key, "must be an integer from %d to %d".formatted(least, most));
    }
    return value.asLong();
  }

  private IllegalArgumentException wrong(String key, String what) {
    return new IllegalArgumentException(
        "models.json: retrieval.%s of %s %s".formatted(key, model, what));
  }
}
