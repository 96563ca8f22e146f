package dev.weir.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.ledger.GuardrailPrice;
import dev.weir.ledger.PriceBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The guard sets that models and tenants may name, read once from {@code guards.json}. Immutable.
 */
public final class GuardBook {

  private final Map<String, GuardSet> sets;
  private final String fallback;

  private GuardBook(Map<String, GuardSet> sets, String fallback) {
    this.sets = Collections.unmodifiableMap(sets);
    this.fallback = fallback;
  }

  /**
   * Reads {@code guards.json} of a folder.
   *
   * @throws IllegalArgumentException naming the set and field that is wrong and what is allowed
   */
  public static GuardBook read(Path folder, PriceBook prices) {
    JsonNode file;
    try {
      file = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("guards.json")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read guards.json in " + folder, e);
    }
    Declaration top = new Declaration(file, "guards.json");
    top.only(Set.of("default", "guards"));
    Map<String, GuardSet> sets = new LinkedHashMap<>();
    for (JsonNode row : file.path("guards")) {
      GuardSet set = GuardSetReader.read(row, prices);
      if (sets.put(set.id(), set) != null) {
        throw new IllegalArgumentException("guards.json: id " + set.id() + " appears twice");
      }
    }
    return new GuardBook(sets, top.oneOf("default", List.copyOf(sets.keySet())));
  }

  public Optional<GuardSet> find(String id) {
    return Optional.ofNullable(sets.get(id));
  }

  /**
   * The set a model names, or the default when it names none.
   *
   * @throws IllegalArgumentException naming the allowed ones
   */
  public GuardSet ofModel(String model, String id) {
    return of("models.json", model, id);
  }

  /**
   * The set an endpoint names, or the default when it names none.
   *
   * @throws IllegalArgumentException naming the allowed ones
   */
  public GuardSet ofEndpoint(String endpoint, String id) {
    return of("endpoints.json", endpoint, id);
  }

  private GuardSet of(String file, String owner, String id) {
    String named = id.isEmpty() ? fallback : id;
    return find(named)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s: guard of %s must be one of %s, not '%s'"
                    .formatted(file, owner, sets.keySet(), named)));
  }

  /** All sets, in the file's order. */
  public Collection<GuardSet> all() {
    return sets.values();
  }

  /** The price a row's guardrail is billed by. */
  static GuardrailPrice price(PriceBook prices, String id, String where) {
    return prices
        .findGuardrail(id)
        .orElseThrow(() ->
            new IllegalArgumentException(
                where + ".price must be an id of prices.json's guardrails, not '" + id + "'"));
  }
}
