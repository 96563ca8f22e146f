package dev.weir.remedy.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** A baseline as text, to be kept. */
public final class BaselineJson {

  /** Longest text, in bytes, that fits into an item of 400 KB with its key. */
  static final int LONGEST = 390_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private BaselineJson() {}

  /**
   * Writes a baseline.
   *
   * @throws IllegalArgumentException when it is too long to be kept
   */
  public static String write(Baseline baseline) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("id", baseline.id())
            .put("madeAt", baseline.madeAt().toString())
            .put("rows", baseline.rows());
    json.set("order", JSON.valueToTree(baseline.order()));
    var columns = json.putArray("columns");
    baseline.columns().forEach(column -> write(columns.addObject(), column));
    String text = json.toString();
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the baseline is %d bytes long, at most %d can be kept: fewer columns"
              .formatted(text.length(), LONGEST));
    }
    return text;
  }

  private static void write(ObjectNode json, Column column) {
    json.put("name", column.name());
    json.put("critical", column.critical());
    json.put("missing", column.missing());
    switch (column.distribution()) {
      case Distribution.Quantiles(var edges, var deciles, var counts) -> {
        json.set("edges", JSON.valueToTree(edges));
        json.set("deciles", JSON.valueToTree(deciles));
        json.set("counts", JSON.valueToTree(counts));
      }
      case Distribution.Categories(var names, var counts) -> {
        json.set("names", JSON.valueToTree(names));
        json.set("counts", JSON.valueToTree(counts));
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Baseline read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return new Baseline(
          json.path("id").asText(),
          Instant.parse(json.path("madeAt").asText()),
          json.path("rows").asLong(),
          list(json.path("order"), JsonNode::asText),
          list(json.path("columns"), BaselineJson::column));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Column column(JsonNode json) {
    List<Long> counts = list(json.path("counts"), JsonNode::asLong);
    Distribution distribution =
        json.has("edges")
            ? new Distribution.Quantiles(
                list(json.path("edges"), JsonNode::asDouble),
                list(json.path("deciles"), JsonNode::asDouble),
                counts)
            : new Distribution.Categories(list(json.path("names"), JsonNode::asText), counts);
    return new Column(
        json.path("name").asText(),
        json.path("critical").asBoolean(),
        distribution,
        json.path("missing").asLong());
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    return array.valueStream().map(element).toList();
  }
}
