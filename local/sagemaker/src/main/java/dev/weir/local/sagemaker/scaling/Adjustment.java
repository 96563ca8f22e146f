package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;

/** How much capacity a policy wants (Application Auto Scaling User Guide). */
final class Adjustment {
  private Adjustment() {}

  /** In proportion to how far the metric is from the target, rounded up. */
  static int track(JsonNode policy, int now, double value) {
    double target =
        policy.path("TargetTrackingScalingPolicyConfiguration").path("TargetValue").asDouble();
    return (int) Math.ceil(Math.max(1, now) * value / target);
  }

  /**
   * By the step that the breach lies in.
   *
   * @param breach the metric less the alarm's threshold
   */
  static int step(JsonNode policy, int now, double breach) {
    JsonNode configuration = policy.path("StepScalingPolicyConfiguration");
    for (JsonNode step : configuration.path("StepAdjustments")) {
      double lower = step.path("MetricIntervalLowerBound").asDouble(Double.NEGATIVE_INFINITY);
      double upper = step.path("MetricIntervalUpperBound").asDouble(Double.POSITIVE_INFINITY);
      boolean within =
          breach >= 0 ? breach >= lower && breach < upper : breach > lower && breach <= upper;
      if (within) {
        return adjusted(configuration, now, step.path("ScalingAdjustment").asInt());
      }
    }
    return now;
  }

  private static int adjusted(JsonNode configuration, int now, int adjustment) {
    return switch (configuration.path("AdjustmentType").asText()) {
      case "ExactCapacity" -> adjustment;
      case "PercentChangeInCapacity" -> {
        double change = now * adjustment / 100.0;
        int whole = (int) (change > 0 && change < 1 ? 1 : change < 0 && change > -1 ? -1 : change);
        int least = configuration.path("MinAdjustmentMagnitude").asInt(0);
        yield now + Integer.signum(adjustment) * Math.max(least, Math.abs(whole));
      }
      default -> now + adjustment;
    };
  }
}
