package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One scalable target, as DescribeScalableTargets gives it. */
record ScalableTarget(ObjectNode data) {

  /** What tells targets and policies apart: resource and dimension. */
  static String key(JsonNode request) {
    return request.path("ResourceId").asText() + " " + request.path("ScalableDimension").asText();
  }

  String resource() {
    return data.path("ResourceId").asText();
  }

  String dimension() {
    return data.path("ScalableDimension").asText();
  }

  /** The capacity nearest to this that is allowed. */
  int clamp(int capacity) {
    int least = data.path("MinCapacity").asInt();
    return Math.max(least, Math.min(data.path("MaxCapacity").asInt(), capacity));
  }

  boolean suspended(boolean scaleIn) {
    return data.path("SuspendedState")
        .path(scaleIn ? "DynamicScalingInSuspended" : "DynamicScalingOutSuspended")
        .asBoolean();
  }
}
