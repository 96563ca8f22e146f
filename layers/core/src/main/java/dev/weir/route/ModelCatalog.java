package dev.weir.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.capacity.Capacities;
import dev.weir.guard.GuardBook;
import dev.weir.ledger.Price;
import dev.weir.ledger.PriceBook;
import dev.weir.retrieval.KnowledgeBaseReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models clients may name, read once from {@code models.json}. Immutable. */
public final class ModelCatalog {

  private final Map<String, Model> models;
  private final Map<String, EmbeddingModel> embeddings;
  private final GuardBook guards;
  private final Capacities capacities;

  private ModelCatalog(
      Map<String, Model> models,
      Map<String, EmbeddingModel> embeddings,
      GuardBook guards,
      JsonNode capacity) {
    this.models = Collections.unmodifiableMap(models);
    this.embeddings = Collections.unmodifiableMap(embeddings);
    this.guards = guards;
    this.capacities = Capacities.read(capacity, targets());
  }

  /**
   * Reads {@code models.json}, {@code prices.json} and {@code guards.json} of a folder, with the
   * prices of no particular Region.
   *
   * @throws IllegalArgumentException naming the model and field that is wrong
   */
  public static ModelCatalog read(Path folder) {
    return read(folder, "");
  }

  /**
   * Reads {@code models.json}, {@code prices.json} and {@code guards.json} of a folder. Of the
   * prices only those that a model names are read, so only those can be found wrong.
   *
   * @param region where the models are called from, whose prices go first
   * @throws IllegalArgumentException naming the model and field that is wrong
   */
  public static ModelCatalog read(Path folder, String region) {
    JsonNode file = file(folder);
    JsonNode rows = file.path("models");
    PriceBook prices =
        PriceBook.read(
            folder.resolve("prices.json"), region, Set.copyOf(rows.findValuesAsText("price")));
    GuardBook guards = GuardBook.read(folder, prices);
    FallbackReader fallbacks = new FallbackReader(rows, prices);
    Map<String, Model> models = new LinkedHashMap<>();
    Map<String, EmbeddingModel> embeddings = new LinkedHashMap<>();
    Map<String, JsonNode> chats = new LinkedHashMap<>();
    EmbeddingModelReader reader = new EmbeddingModelReader(prices, guards);
    for (JsonNode row : rows) {
      String id = row.path("id").asText();
      if (chats.containsKey(id) || embeddings.containsKey(id)) {
        throw new IllegalArgumentException("models.json: id " + id + " appears twice");
      }
      if (isEmbedding(row, id)) {
        embeddings.put(id, reader.read(row));
      } else {
        chats.put(id, row);
      }
    }
    SimilarReader similar = new SimilarReader(embeddings);
    chats.forEach((id, row) -> models.put(id, model(row, prices, fallbacks, similar, guards)));
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models.json: names no model");
    }
    models.values().forEach(model -> RecallReader.check(model, models));
    return new ModelCatalog(withCascades(chats, models), embeddings, guards, file.path("capacity"));
  }

  private static boolean isEmbedding(JsonNode row, String id) {
    String kind = row.path("kind").asText("chat");
    if (!kind.equals("chat") && !kind.equals("embedding")) {
      throw new IllegalArgumentException(
          "models.json: kind of " + id + " must be chat or embedding");
    }
    return kind.equals("embedding");
  }

  /** Read last, since a model's cascade names others. */
  private static Map<String, Model> withCascades(
      Map<String, JsonNode> rows, Map<String, Model> models) {
    Map<String, Model> all = new LinkedHashMap<>();
    models.forEach((id, large) ->
        all.put(
            id,
            large.with(
                CascadeReader.read(
                    rows.getOrDefault(id, MissingNode.getInstance()), large, models))));
    return all;
  }

  private static JsonNode file(Path folder) {
    try {
      byte[] json = Files.readAllBytes(folder.resolve("models.json"));
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read models.json in " + folder, e);
    }
  }

  private static Model model(
      JsonNode row,
      PriceBook prices,
      FallbackReader fallbacks,
      SimilarReader similar,
      GuardBook guards) {
    String id = row.path("id").asText();
    SageMakerTarget.check(row, "", id);
    Price price =
        prices
            .find(row.path("price").asText())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "models.json: price of " + id + " must be an id of prices.json"));
    return new Model(
        id,
        text(row, id, "target"),
        text(row, id, "ownedBy"),
        positive(row, id, "created"),
        positive(row, id, "contextTokens"),
        positive(row, id, "maxOutputTokens"),
        positive(row, id, "defaultOutputTokens"),
        row.path("images").asBoolean(),
        row.path("tools").asBoolean(),
        price,
        cachePolicy(row.path("cache"), id, similar.read(row, id)),
        fallbacks.read(row, id),
        guards.ofModel(id, row.path("guard").asText()),
        KnowledgeBaseReader.read(row.path("retrieval"), id),
        RecallReader.read(row.path("memory"), id),
        PromptCacheReader.read(
            row,
            (key, what) ->
                new IllegalArgumentException("models.json: %s of %s %s".formatted(key, id, what))),
        Optional.empty());
  }

  private static Model.CachePolicy cachePolicy(JsonNode row, String id, Optional<Similar> similar) {
    String mode = row.path("mode").asText("off");
    if (!mode.equals("off") && !mode.equals("deterministic") && !mode.equals("always")) {
      throw new IllegalArgumentException(
          "models.json: cache.mode of " + id + " must be off, deterministic or always");
    }
    return new Model.CachePolicy(
        Model.CachePolicy.Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        Duration.ofSeconds(row.path("ttlSeconds").asLong(0)),
        similar);
  }

  private static String text(JsonNode row, String id, String field) {
    String value = row.path(field).asText();
    if (value.isEmpty()) {
      throw new IllegalArgumentException("models.json: %s of %s is missing".formatted(field, id));
    }
    return value;
  }

  private static long positive(JsonNode row, String id, String field) {
    long value = row.path(field).asLong();
    if (value <= 0) {
      throw new IllegalArgumentException(
          "models.json: %s of %s must be an integer above 0".formatted(field, id));
    }
    return value;
  }

  /** A chat model. */
  public Optional<Model> find(String id) {
    return Optional.ofNullable(models.get(id));
  }

  public Optional<EmbeddingModel> findEmbedding(String id) {
    return Optional.ofNullable(embeddings.get(id));
  }

  /** All embedding models, in the catalog's order. */
  public Collection<EmbeddingModel> embeddings() {
    return embeddings.values();
  }

  /** The longest that any model's expired answers may still be served. */
  public Duration longestStale() {
    return models.values().stream()
        .map(model -> model.fallback().stale())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** All chat models, in the catalog's order. */
  public Collection<Model> all() {
    return models.values();
  }

  private Set<String> targets() {
    return Stream.concat(
            models.values().stream().flatMap(model -> model.chain().stream()).map(Target::id),
            embeddings.values().stream().map(EmbeddingModel::target))
        .collect(Collectors.toSet());
  }

  /** What is declared of the targets' quotas. */
  public Capacities capacities() {
    return capacities;
  }

  /** The guard sets that models and tenants may name. */
  public GuardBook guards() {
    return guards;
  }
}
