package dev.weir.local.sagemaker.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.sagemaker.wire.ApiError;
import java.time.Duration;
import java.util.List;

/**
 * How an update is rolled out: its rules, and how long it waits.
 *
 * @param config the request's {@code DeploymentConfig}; missing for all at once
 */
record Rollout(JsonNode config) {

  /**
   * Checks it against the variants before and after.
   *
   * @throws ApiError the deployment guardrails do not go with these variants
   */
  void check(JsonNode before, JsonNode after) {
    boolean rolling = config.has("RollingUpdatePolicy");
    if (rolling && config.has("BlueGreenUpdatePolicy")) {
      throw ApiError.validation(
          "Specify either BlueGreenUpdatePolicy or RollingUpdatePolicy, not both.");
    }
    boolean guarded = rolling || !type().equals("ALL_AT_ONCE");
    if (guarded && !Variants.names(before).equals(Variants.names(after))) {
      throw ApiError.validation(
          "Deployment guardrails need the same variant names in both endpoint configurations.");
    }
    boolean serverless = after.valueStream().anyMatch(each -> each.has("DesiredServerlessConfig"));
    if (rolling && (after.size() > 1 || serverless)) {
      throw ApiError.validation(
          "Rolling deployments support neither several variants nor serverless variants.");
    }
    if (type().equals("CANARY") && routing().path("CanarySize").path("Value").asInt() > 50) {
      throw ApiError.validation("CanarySize must be 50% of the variant's capacity or less.");
    }
  }

  /** All waiting between the new fleet's start and the old one's end. */
  Duration bake() {
    JsonNode policy = config.path("BlueGreenUpdatePolicy");
    if (config.has("RollingUpdatePolicy")) {
      JsonNode rolling = config.path("RollingUpdatePolicy");
      return waits(rolling, steps(rolling.path("MaximumBatchSize")));
    }
    int steps =
        switch (type()) {
          case "CANARY" -> 2;
          case "LINEAR" -> steps(routing().path("LinearStepSize"));
          default -> 1;
        };
    return waits(routing(), steps).plusSeconds(policy.path("TerminationWaitInSeconds").asLong());
  }

  /** The alarms that roll it back. */
  List<String> alarms() {
    return config
        .path("AutoRollbackConfiguration")
        .path("Alarms")
        .valueStream()
        .map(alarm -> alarm.path("AlarmName").asText())
        .toList();
  }

  private static Duration waits(JsonNode policy, int steps) {
    return Duration.ofSeconds(policy.path("WaitIntervalInSeconds").asLong() * steps);
  }

  /** Steps of a size in percent; of a size in instances, two. */
  private static int steps(JsonNode size) {
    boolean percent = size.path("Type").asText().equals("CAPACITY_PERCENT");
    return percent ? Math.ceilDiv(100, Math.max(1, size.path("Value").asInt())) : 2;
  }

  private JsonNode routing() {
    return config.path("BlueGreenUpdatePolicy").path("TrafficRoutingConfiguration");
  }

  private String type() {
    return routing().path("Type").asText("ALL_AT_ONCE");
  }
}
