package dev.weir.ledger;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Prices by id, read once from {@code prices.json} of the catalog. Immutable. */
public final class PriceBook {

  private final Map<String, Price> prices;
  private final Map<String, GuardrailPrice> guardrails;

  private PriceBook(Map<String, Price> prices, Map<String, GuardrailPrice> guardrails) {
    this.prices = Map.copyOf(prices);
    this.guardrails = Map.copyOf(guardrails);
  }

  /**
   * Reads every row of {@code prices.json}; keeps those of no particular Region.
   *
   * @throws IllegalArgumentException naming the row and field that is wrong
   */
  public static PriceBook read(Path file) {
    return read(file, "", id -> true);
  }

  /**
   * Reads the rows of {@code prices.json} with these ids, and skips the others unread: the table
   * has hundreds of rows and is read at every cold start. A row of this Region goes before one of
   * none.
   *
   * @throws IllegalArgumentException naming the row and field that is wrong
   */
  public static PriceBook read(Path file, String region, Set<String> ids) {
    return read(file, region, ids::contains);
  }

  private static PriceBook read(Path file, String region, Predicate<String> wanted) {
    Rows rows = new Rows(region, wanted);
    try (JsonParser parser = new ObjectMapper().createParser(file.toFile())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String section = parser.currentName();
        parser.nextToken();
        switch (section) {
          case "guardrails" -> rows.guardrails(parser.readValueAsTree());
          case "prices" -> rows.prices(parser);
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    rows.regional.forEach(rows.everywhere::put);
    return new PriceBook(rows.everywhere, rows.guardrails);
  }

  public Optional<Price> find(String id) {
    return Optional.ofNullable(prices.get(id));
  }

  /** What a Bedrock guardrail costs. */
  public Optional<GuardrailPrice> findGuardrail(String id) {
    return Optional.ofNullable(guardrails.get(id));
  }

  /** What was read so far. */
  private static final class Rows {

    private final String region;
    private final Predicate<String> wanted;
    private final Map<String, Price> everywhere = new HashMap<>();
    private final Map<String, Price> regional = new HashMap<>();
    private final Map<String, GuardrailPrice> guardrails = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    Rows(String region, Predicate<String> wanted) {
      this.region = region;
      this.wanted = wanted;
    }

    void guardrails(JsonNode rows) {
      for (JsonNode row : rows) {
        PriceRow guardrail = new PriceRow(row, row.path("id").asText());
        guardrails.put(guardrail.name(), guardrail.guardrail());
      }
    }

    void prices(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        if (!"id".equals(parser.nextFieldName())) {
          throw new IllegalArgumentException("prices.json: every row must begin with its id");
        }
        String id = parser.nextTextValue();
        if (wanted.test(id)) {
          add(id, rest(parser));
        } else {
          while (parser.nextToken() != JsonToken.END_OBJECT) {
            parser.skipChildren();
          }
        }
      }
    }

    private void add(String id, JsonNode row) {
      String where = row.path("region").asText();
      String name = where.isEmpty() ? id : where + "/" + id;
      Price price = new PriceRow(row, name).price();
      if (!seen.add(name)) {
        throw new IllegalArgumentException("prices.json: id " + name + " appears twice");
      }
      if (where.isEmpty()) {
        everywhere.put(id, price);
      } else if (where.equals(region)) {
        regional.put(id, price);
      }
    }

    private static JsonNode rest(JsonParser parser) throws IOException {
      ObjectNode row = ((ObjectMapper) parser.getCodec()).createObjectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        row.set(field, parser.readValueAsTree());
      }
      return row;
    }
  }
}
