package dev.weir.remediation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.http.ServiceCall;
import dev.weir.remedy.forecast.DailySeries.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hourly values of one metric of CloudWatch (GetMetricData, AWS JSON 1.0). */
final class MetricData {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration HOUR = Duration.ofHours(1);

  private final ServiceCall cloudWatch;

  /**
   * @param statistic such as {@code Sum} or {@code Maximum}, over each hour
   */
  record Metric(String namespace, String name, Map<String, String> dimensions, String statistic) {}

  MetricData(ServiceCall cloudWatch) {
    this.cloudWatch = cloudWatch;
  }

  /** The hours that have a value, in their order. */
  List<Point> hours(Metric metric, Instant from, Instant to) {
    ObjectNode request = request(metric, from, to);
    List<Point> points = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      next.ifPresent(token -> request.put("NextToken", token));
      JsonNode reply = ask(request);
      JsonNode result = reply.path("MetricDataResults").path(0);
      for (int i = 0; i < result.path("Values").size(); i++) {
        points.add(
            new Point(
                time(result.path("Timestamps").path(i)), result.path("Values").path(i).asDouble()));
      }
      next = Optional.of(reply.path("NextToken").asText()).filter(token -> !token.isEmpty());
    } while (next.isPresent());
    return points;
  }

  private static ObjectNode request(Metric metric, Instant from, Instant to) {
    ObjectNode request =
        JSON.createObjectNode()
            .put("StartTime", from.getEpochSecond())
            .put("EndTime", to.getEpochSecond())
            .put("ScanBy", "TimestampAscending");
    ObjectNode stat =
        request
            .putArray("MetricDataQueries")
            .addObject()
            .put("Id", "m")
            .putObject("MetricStat")
            .put("Period", HOUR.toSeconds())
            .put("Stat", metric.statistic());
    ObjectNode of =
        stat.putObject("Metric")
            .put("Namespace", metric.namespace())
            .put("MetricName", metric.name());
    var dimensions = of.putArray("Dimensions");
    metric
        .dimensions()
        .forEach((name, value) -> dimensions.addObject().put("Name", name).put("Value", value));
    return request;
  }

  private JsonNode ask(ObjectNode request) {
    try {
      return JSON.readTree(
          cloudWatch.post(
              "application/x-amz-json-1.0",
              Map.of("X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData"),
              JSON.writeValueAsBytes(request)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Epoch seconds, as AWS JSON has them, or a text, as emulators write it. */
  private static Instant time(JsonNode time) {
    return time.isNumber()
        ? Instant.ofEpochMilli(Math.round(time.asDouble() * 1000))
        : OffsetDateTime.parse(time.asText()).toInstant();
  }
}
