package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What CloudWatch tells of a transition: in words, as data, and to EventBridge. */
final class AlarmReasons {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS+0000").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEEE dd MMMM, yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private AlarmReasons() {}

  static String text(AlarmRule rule, List<OptionalDouble> points, AlarmState next) {
    List<Double> recent = recent(rule, points);
    if (next == AlarmState.INSUFFICIENT_DATA || recent.isEmpty()) {
      return "Insufficient Data: " + rule.periods() + " datapoints were unknown.";
    }
    long breaching = recent.stream().filter(rule::breaches).count();
    boolean alarm = next == AlarmState.ALARM;
    return "Threshold Crossed: %d out of the last %d datapoints %s %s the threshold (%s) (minimum %d datapoint%s for %s transition)."
        .formatted(
            alarm ? breaching : recent.size() - breaching,
            rule.periods(),
            recent,
            (alarm ? "was " : "was not ") + words(rule.comparison()),
            rule.threshold(),
            alarm ? rule.toAlarm() : rule.periods() - rule.toAlarm() + 1,
            rule.toAlarm() == 1 ? "" : "s",
            alarm ? "OK -> ALARM" : "ALARM -> OK");
  }

  private static String words(AlarmRule.Comparison comparison) {
    return switch (comparison) {
      case GREATER -> "greater than";
      case GREATER_OR_EQUAL -> "greater than or equal to";
      case LESS -> "less than";
      case LESS_OR_EQUAL -> "less than or equal to";
    };
  }

  /** The {@code StateReasonData}. */
  static String data(MetricAlarm alarm, List<OptionalDouble> points, Instant now) {
    ObjectNode data =
        Json.object()
            .put("version", "1.0")
            .put("queryDate", STAMP.format(now))
            .put("statistic", alarm.data().path("Statistic").asText())
            .put("period", alarm.period().toSeconds())
            .put("threshold", alarm.rule().threshold());
    ArrayNode recent = data.putArray("recentDatapoints");
    recent(alarm.rule(), points).forEach(recent::add);
    return data.toString();
  }

  /** What a composite alarm says of the other whose transition made it one. */
  static String text(Alarm cause, String arn, Instant now) {
    return "%s transitioned to %s at %s".formatted(arn, cause.state(), DAY.format(now));
  }

  /** The {@code StateReasonData} of a composite alarm. */
  static String data(Alarm cause, String arn) {
    ObjectNode data = Json.object();
    ObjectNode child = data.putArray("triggeringAlarms").addObject().put("arn", arn);
    ObjectNode state = state(cause);
    child
        .putObject("state")
        .put("value", state.path("value").asText())
        .set("timestamp", state.path("timestamp"));
    return data.toString();
  }

  private static List<Double> recent(AlarmRule rule, List<OptionalDouble> points) {
    return points.stream()
        .filter(OptionalDouble::isPresent)
        .limit(rule.periods())
        .map(OptionalDouble::getAsDouble)
        .toList();
  }

  /** The state as it stands in an event. */
  static ObjectNode state(Alarm alarm) {
    JsonNode data = alarm.data();
    ObjectNode state =
        Json.object()
            .put("value", data.path("StateValue").asText())
            .put("reason", data.path("StateReason").asText())
            .put(
                "timestamp",
                STAMP.format(Instant.parse(data.path("StateUpdatedTimestamp").asText())));
    if (!data.path("StateReasonData").asText().isEmpty()) {
      state.put("reasonData", data.path("StateReasonData").asText());
    }
    return state;
  }

  /** The detail of {@code CloudWatch Alarm State Change}. */
  static ObjectNode detail(Alarm alarm, ObjectNode before) {
    ObjectNode detail = Json.object().put("alarmName", alarm.name());
    detail.set("state", state(alarm));
    detail.set("previousState", before);
    ObjectNode configuration = detail.putObject("configuration");
    if (alarm.data().has("AlarmDescription")) {
      configuration.put("description", alarm.data().path("AlarmDescription").asText());
    }
    switch (alarm) {
      case CompositeAlarm composite ->
          configuration.put("alarmRule", composite.data().path("AlarmRule").asText());
      case MetricAlarm metric -> metrics(metric, configuration.putArray("metrics"));
    }
    return detail;
  }

  private static void metrics(MetricAlarm alarm, ArrayNode metrics) {
    if (alarm.data().has("Metrics")) {
      alarm.data().path("Metrics").forEach(query -> metrics.add(query(query)));
    } else {
      ObjectNode query = metrics.addObject().put("id", alarm.name());
      stat(
          query.putObject("metricStat"),
          MetricKey.of(alarm.data()),
          alarm.data().path("Period").asInt(),
          alarm.data().path("Statistic").asText(alarm.data().path("ExtendedStatistic").asText()));
      query.put("returnData", true);
    }
  }

  private static ObjectNode query(JsonNode query) {
    ObjectNode json = Json.object().put("id", query.path("Id").asText());
    if (query.has("MetricStat")) {
      JsonNode stat = query.path("MetricStat");
      stat(
          json.putObject("metricStat"),
          MetricKey.of(stat.path("Metric")),
          stat.path("Period").asInt(),
          stat.path("Stat").asText());
    } else {
      json.put("expression", query.path("Expression").asText());
    }
    return json.put("returnData", Queries.returnsData(query));
  }

  private static void stat(ObjectNode json, MetricKey key, int period, String statistic) {
    ObjectNode metric = json.putObject("metric");
    metric.put("namespace", key.namespace()).put("name", key.name());
    ObjectNode dimensions = metric.putObject("dimensions");
    key.dimensions().forEach(dimensions::put);
    json.put("period", period).put("stat", statistic);
  }
}
