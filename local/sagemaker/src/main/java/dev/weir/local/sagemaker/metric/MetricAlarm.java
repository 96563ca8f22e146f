package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** An alarm on a metric, or on what is reckoned from metrics. */
final class MetricAlarm implements Alarm {
  private final ObjectNode data;
  private final AlarmRule rule;
  private final Queries queries;
  private final JsonNode query;

  MetricAlarm(ObjectNode data, Metrics metrics) {
    this.data = data;
    rule = AlarmRule.of(data);
    queries = new Queries(metrics, data.has("Metrics") ? data.path("Metrics") : single(data));
    query = queries.returned();
  }

  /** An alarm on one metric, as a query. */
  private static JsonNode single(JsonNode data) {
    ObjectNode query = Json.object().put("Id", "m1");
    ObjectNode stat = query.putObject("MetricStat");
    stat.set("Metric", MetricKey.of(data).json());
    stat.put("Period", data.path("Period").asInt());
    stat.put("Stat", data.path("Statistic").asText(data.path("ExtendedStatistic").asText()));
    return Json.array().add(query);
  }

  @Override
  public ObjectNode data() {
    return data;
  }

  AlarmRule rule() {
    return rule;
  }

  /** The data points the rule looks at, newest first; the newest ends with the last full minute. */
  List<OptionalDouble> points(Instant now) {
    Instant end = now.truncatedTo(ChronoUnit.MINUTES);
    Duration period = queries.period(query);
    return IntStream.range(0, rule.range())
        .mapToObj(age -> {
          Instant until = end.minus(period.multipliedBy(age));
          return queries.value(query, until.minus(period), until);
        })
        .toList();
  }

  Duration period() {
    return queries.period(query);
  }
}
