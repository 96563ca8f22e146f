package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What makes a metric one metric: other dimensions are another metric. */
public record MetricKey(String namespace, String name, SortedMap<String, String> dimensions)
    implements Comparable<MetricKey> {
  private static final Comparator<MetricKey> ORDER =
      Comparator.comparing(MetricKey::namespace)
          .thenComparing(MetricKey::name)
          .thenComparing(key -> key.dimensions().toString());

  /** From the members {@code Namespace}, {@code MetricName} and {@code Dimensions}. */
  static MetricKey of(JsonNode metric) {
    return new MetricKey(
        metric.path("Namespace").asText(),
        metric.path("MetricName").asText(),
        dimensions(metric.path("Dimensions")));
  }

  /** A metric of dimensions. */
  static MetricKey of(String namespace, String name, Map<String, String> dimensions) {
    return new MetricKey(namespace, name, new TreeMap<>(dimensions));
  }

  MetricKey in(String other) {
    return new MetricKey(other, name, dimensions);
  }

  static SortedMap<String, String> dimensions(JsonNode list) {
    SortedMap<String, String> dimensions = new TreeMap<>();
    list.forEach(each -> dimensions.put(each.path("Name").asText(), each.path("Value").asText()));
    return dimensions;
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("Namespace", namespace).put("MetricName", name);
    ArrayNode list = json.putArray("Dimensions");
    dimensions.forEach((key, value) -> list.addObject().put("Name", key).put("Value", value));
    return json;
  }

  @Override
  public int compareTo(MetricKey other) {
    return ORDER.compare(this, other);
  }
}
