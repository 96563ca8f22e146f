package dev.weir.remedy.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Rows of what a model is asked or answers, as text: CSV, JSON, or JSON lines. Columns without a
 * name are called by their place, {@code c0}, {@code c1} and so on.
 */
public final class Payload {

  /** How a payload is written. */
  public enum Form {
    CSV,
    JSON,
    JSON_LINES;

    /** The form of a content type; empty where it is none of these. */
    static Optional<Form> of(String contentType) {
      String type = contentType.split(";", 2)[0].strip();
      return switch (type) {
        case "text/csv" -> Optional.of(CSV);
        case "application/json" -> Optional.of(JSON);
        case "application/jsonlines", "application/x-jsonlines" -> Optional.of(JSON_LINES);
        default -> Optional.empty();
      };
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREDICTIONS = "predictions";
  private static final String FEATURES = "features";

  /** Members that hold rows, or the one row. */
  private static final List<String> HOLDERS = List.of("instances", PREDICTIONS, "inputs", FEATURES);

  private final List<String> order;
  private final String prefix;

  /**
   * @param order names of the columns by their place, as far as they have one
   * @param prefix before every name
   */
  public Payload(List<String> order, String prefix) {
    this.order = List.copyOf(order);
    this.prefix = prefix;
  }

  /**
   * The rows of a payload.
   *
   * @throws IOException when it is not of that form
   */
  public List<Map<String, String>> rows(String text, Form form) throws IOException {
    return switch (form) {
      case CSV -> text.lines().filter(line -> !line.isBlank()).map(this::csv).toList();
      case JSON -> json(JSON.readTree(text));
      case JSON_LINES -> {
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
          rows.addAll(json(JSON.readTree(line)));
        }
        yield rows;
      }
    };
  }

  private Map<String, String> csv(String line) {
    return placed(fields(line));
  }

  /** The fields of one line of CSV (RFC 4180, but no line break within a field). */
  public static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }

  private List<Map<String, String>> json(JsonNode root) throws IOException {
    Optional<String> holder =
        HOLDERS.stream().filter(name -> root.path(name).isArray()).findFirst();
    JsonNode rows = holder.map(root::path).orElse(root);
    if (!rows.isArray()) {
      return List.of(row(rows));
    }
    boolean oneRow = isFlat(rows) && !holder.equals(Optional.of(PREDICTIONS));
    return oneRow ? List.of(row(rows)) : rows.valueStream().map(this::row).toList();
  }

  private static boolean isFlat(JsonNode array) {
    return array.valueStream().allMatch(JsonNode::isValueNode);
  }

  private Map<String, String> row(JsonNode node) {
    JsonNode inner = node.path(FEATURES).isArray() ? node.path(FEATURES) : node;
    if (inner.isObject()) {
      Map<String, String> row = new TreeMap<>();
      inner.properties().forEach(field -> row.put(prefix + field.getKey(), text(field.getValue())));
      return row;
    }
    Stream<JsonNode> values = inner.isArray() ? inner.valueStream() : Stream.of(inner);
    return placed(values.map(Payload::text).toList());
  }

  private Map<String, String> placed(List<String> values) {
    Map<String, String> row = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      row.put(prefix + (i < order.size() ? order.get(i) : "c" + i), values.get(i));
    }
    return row;
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
