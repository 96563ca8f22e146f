package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.wire.ApiError;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** A list of {@code MetricDataQuery}: metrics and expressions over them. */
final class Queries {
  private final Metrics metrics;
  private final Map<String, JsonNode> byId = new LinkedHashMap<>();

  /**
   * Reads the list.
   *
   * @throws ApiError two have one id, or the world does not know an expression
   */
  Queries(Metrics metrics, JsonNode queries) {
    this.metrics = metrics;
    for (JsonNode query : queries) {
      if (byId.put(query.path("Id").asText(), query) != null) {
        throw ApiError.validation("The id is not unique: " + query.path("Id").asText());
      }
    }
    byId.values().forEach(query -> value(query, Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
  }

  /** The query whose result is wanted: the only one, or the only one that returns data. */
  JsonNode returned() {
    var returning = byId.values().stream().filter(Queries::returnsData).toList();
    if (returning.size() != 1) {
      throw ApiError.validation("Exactly one of the Metrics must return data.");
    }
    return returning.getFirst();
  }

  static boolean returnsData(JsonNode query) {
    return query.path("ReturnData").asBoolean(true);
  }

  /** How long one data point of the query is. */
  Duration period(JsonNode query) {
    JsonNode own = query.has("MetricStat") ? query.path("MetricStat") : query;
    long seconds =
        own.has("Period")
            ? own.path("Period").asLong()
            : byId.values().stream()
                .filter(each -> each.has("MetricStat"))
                .mapToLong(each -> each.path("MetricStat").path("Period").asLong())
                .max()
                .orElse(60);
    return Duration.ofSeconds(seconds);
  }

  /** A query's value from the start to before the end. */
  OptionalDouble value(JsonNode query, Instant start, Instant end) {
    if (query.has("MetricStat")) {
      JsonNode stat = query.path("MetricStat");
      return metrics
          .between(MetricKey.of(stat.path("Metric")), start, end)
          .value(stat.path("Stat").asText());
    }
    return MetricMath.evaluate(
        query.path("Expression").asText(), id -> value(referred(id), start, end));
  }

  private JsonNode referred(String id) {
    JsonNode query = byId.get(id);
    if (query == null) {
      throw ApiError.validation("The expression refers to an id that is not there: " + id);
    }
    return query;
  }
}
