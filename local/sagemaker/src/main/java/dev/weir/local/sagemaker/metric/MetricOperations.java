package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;

/** CloudWatch's operations on metrics. */
public final class MetricOperations {
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);

  private final Context context;
  private final Metrics metrics;

  public MetricOperations(Context context, Metrics metrics) {
    this.context = context;
    this.metrics = metrics;
  }

  /** PutMetricData; takes nothing in when one datum is refused. */
  public JsonNode put(ObjectNode request) {
    if (request.path("Namespace").asText().startsWith("AWS/")) {
      throw invalid("The value AWS/ for parameter Namespace is invalid.");
    }
    request.path("MetricData").forEach(this::check);
    for (JsonNode datum : request.path("MetricData")) {
      MetricKey key = MetricKey.of(datum).in(request.path("Namespace").asText());
      metrics.put(key, time(datum), bucket -> add(bucket, datum));
    }
    return Json.object();
  }

  private void check(JsonNode datum) {
    Instant now = context.time().instant();
    Instant at = time(datum);
    if (at.isBefore(now.minus(OLDEST)) || at.isAfter(now.plus(NEWEST))) {
      throw invalid(
          "The parameter Timestamp must be within two weeks before and two hours after now.");
    }
    int ways = 0;
    for (String way : new String[] {"Value", "Values", "StatisticValues"}) {
      ways += datum.has(way) ? 1 : 0;
    }
    if (ways != 1) {
      throw new ApiError(
          "InvalidParameterCombination",
          400,
          "Exactly one of Value, Values and StatisticValues must be given.");
    }
    if (datum.has("Counts") && datum.path("Counts").size() != datum.path("Values").size()) {
      throw invalid("Counts and Values must be of the same size.");
    }
  }

  private Instant time(JsonNode datum) {
    return datum.has("Timestamp")
        ? Instant.parse(datum.path("Timestamp").asText())
        : context.time().instant();
  }

  private static void add(Bucket bucket, JsonNode datum) {
    JsonNode set = datum.path("StatisticValues");
    if (datum.has("Value")) {
      bucket.add(datum.path("Value").asDouble(), 1);
    } else if (set.isObject()) {
      bucket.statistics(
          set.path("Sum").asDouble(),
          set.path("SampleCount").asDouble(),
          set.path("Minimum").asDouble(),
          set.path("Maximum").asDouble());
    } else {
      for (int i = 0; i < datum.path("Values").size(); i++) {
        bucket.add(
            datum.path("Values").get(i).asDouble(), datum.path("Counts").path(i).asDouble(1));
      }
    }
  }

  /** GetMetricData. */
  public JsonNode data(ObjectNode request) {
    Queries queries = new Queries(metrics, request.path("MetricDataQueries"));
    boolean ascending = request.path("ScanBy").asText().equals("TimestampAscending");
    ObjectNode reply = Json.object();
    ArrayNode results = reply.putArray("MetricDataResults");
    for (JsonNode query : request.path("MetricDataQueries")) {
      if (Queries.returnsData(query)) {
        ObjectNode result = results.addObject().put("Id", query.path("Id").asText());
        result.put("Label", label(query)).put("StatusCode", "Complete");
        ArrayNode times = result.putArray("Timestamps");
        ArrayNode values = result.putArray("Values");
        windows(
            request,
            queries.period(query),
            (start, end) ->
                queries
                    .value(query, start, end)
                    .ifPresent(value -> {
                      times.insert(ascending ? times.size() : 0, start.toString());
                      values.insert(ascending ? values.size() : 0, value);
                    }));
      }
    }
    return reply;
  }

  private static String label(JsonNode query) {
    return query
        .path("Label")
        .asText(
            query
                .path("MetricStat")
                .path("Metric")
                .path("MetricName")
                .asText(query.path("Id").asText()));
  }

  /** GetMetricStatistics. */
  public JsonNode statistics(ObjectNode request) {
    MetricKey key = MetricKey.of(request);
    ObjectNode reply = Json.object().put("Label", key.name());
    ArrayNode points = reply.putArray("Datapoints");
    windows(
        request,
        Duration.ofSeconds(request.path("Period").asLong()),
        (start, end) -> {
          Bucket bucket = metrics.between(key, start, end);
          if (bucket.value("SampleCount").isPresent()) {
            ObjectNode point = points.addObject().put("Timestamp", start.toString());
            request
                .path("Statistics")
                .forEach(name ->
                    bucket
                        .value(name.asText())
                        .ifPresent(value -> point.put(name.asText(), value)));
            request
                .path("ExtendedStatistics")
                .forEach(name ->
                    bucket
                        .value(name.asText())
                        .ifPresent(value ->
                            point.withObject("ExtendedStatistics").put(name.asText(), value)));
          }
        });
    return reply;
  }

  /** ListMetrics. */
  public JsonNode list(ObjectNode request) {
    var matching =
        metrics.keys().stream()
            .filter(key -> matches(request.path("Namespace"), key.namespace()))
            .filter(key -> matches(request.path("MetricName"), key.name()))
            .filter(key ->
                request
                    .path("Dimensions")
                    .valueStream()
                    .allMatch(filter ->
                        key.dimensions().containsKey(filter.path("Name").asText())
                            && matches(
                                filter.path("Value"),
                                key.dimensions().getOrDefault(filter.path("Name").asText(), ""))))
            .sorted()
            .map(MetricKey::json)
            .toList();
    return Listing.page(matching, "Metrics", request.put("MaxResults", 500), "MaxResults");
  }

  private static boolean matches(JsonNode wanted, String value) {
    return wanted.isMissingNode() || wanted.asText().equals(value);
  }

  /** Spans of one period that begin from the request's start to before its end. */
  private static void windows(
      ObjectNode request, Duration period, BiConsumer<Instant, Instant> each) {
    Instant end = Instant.parse(request.path("EndTime").asText());
    long length = Math.max(60, period.toSeconds());
    long first =
        Math.floorDiv(Instant.parse(request.path("StartTime").asText()).getEpochSecond(), length)
            * length;
    for (Instant start = Instant.ofEpochSecond(first);
        start.isBefore(end);
        start = start.plusSeconds(length)) {
      each.accept(start, start.plusSeconds(length));
    }
  }

  private static ApiError invalid(String message) {
    return new ApiError("InvalidParameterValue", 400, message);
  }
}
