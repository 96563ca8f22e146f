package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;

/**
 * The alarms of target tracking: out after 3 minutes above the target, in after 15 below nine
 * tenths of it.
 */
final class TrackedMetric {
  private static final int OUT_MINUTES = 3;
  private static final int IN_MINUTES = 15;
  private static final double IN_SHARE = 0.9;

  private TrackedMetric() {}

  /** A PutMetricAlarm request without a name. */
  static ObjectNode alarm(JsonNode policy, boolean above) {
    JsonNode tracking = policy.path("TargetTrackingScalingPolicyConfiguration");
    double target = tracking.path("TargetValue").asDouble();
    ObjectNode alarm = Json.object();
    JsonNode custom = tracking.path("CustomizedMetricSpecification");
    if (custom.has("Metrics")) {
      alarm.set("Metrics", queries(custom.path("Metrics")));
    } else if (custom.isObject()) {
      copy(custom, alarm);
    } else {
      predefined(policy, tracking.path("PredefinedMetricSpecification"), alarm);
    }
    int minutes = above ? OUT_MINUTES : IN_MINUTES;
    alarm.put("EvaluationPeriods", minutes);
    alarm.put("Threshold", above ? target : target * IN_SHARE);
    alarm.put("ComparisonOperator", above ? "GreaterThanThreshold" : "LessThanThreshold");
    alarm.putArray("AlarmActions").add(policy.path("PolicyARN").asText());
    return alarm;
  }

  private static void copy(JsonNode custom, ObjectNode alarm) {
    for (String member : new String[] {"MetricName", "Namespace", "Statistic", "Dimensions"}) {
      if (custom.has(member)) {
        alarm.set(member, custom.path(member).deepCopy());
      }
    }
    alarm.put("Period", 60);
  }

  private static ArrayNode queries(JsonNode metrics) {
    ArrayNode queries = metrics.deepCopy();
    for (JsonNode query : queries) {
      if (query.path("MetricStat") instanceof ObjectNode stat && !stat.has("Period")) {
        stat.put("Period", 60);
      }
    }
    return queries;
  }

  private static void predefined(JsonNode policy, JsonNode specification, ObjectNode alarm) {
    String type = specification.path("PredefinedMetricType").asText();
    alarm.put("Namespace", "AWS/SageMaker").put("Period", 60);
    switch (type) {
      case "SageMakerVariantInvocationsPerInstance" ->
          metric(alarm, "InvocationsPerInstance", "Sum");
      case "SageMakerVariantConcurrentRequestsPerModelHighResolution" ->
          metric(alarm, "ConcurrentRequestsPerModel", "Average");
      case "SageMakerInferenceComponentInvocationsPerCopy" ->
          metric(alarm, "InvocationsPerCopy", "Sum");
      case "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution" ->
          metric(alarm, "ConcurrentRequestsPerCopy", "Average");
      default -> throw ApiError.validation("The metric is not known here: " + type);
    }
    String[] parts = policy.path("ResourceId").asText().split("/");
    ArrayNode dimensions = alarm.putArray("Dimensions");
    if (type.startsWith("SageMakerInferenceComponent")) {
      dimension(dimensions, "InferenceComponentName", parts[1]);
    } else {
      dimension(dimensions, "EndpointName", parts[1]);
      dimension(dimensions, "VariantName", parts[3]);
    }
  }

  private static void metric(ObjectNode alarm, String name, String statistic) {
    alarm.put("MetricName", name).put("Statistic", statistic);
  }

  private static void dimension(ArrayNode dimensions, String name, String value) {
    dimensions.addObject().put("Name", name).put("Value", value);
  }
}
