package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.metric.Alarms;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The scaling policies. One that tracks a target has two alarms of its own; one of steps is acted
 * on by others' alarms, which stay without that action when the policy goes (Application Auto
 * Scaling API Reference, DeleteScalingPolicy).
 */
public final class Policies {
  private final Context context;
  private final Alarms alarms;
  private final Map<String, ObjectNode> policies = new TreeMap<>();

  public Policies(Context context, Alarms alarms) {
    this.context = context;
    this.alarms = alarms;
  }

  /** PutScalingPolicy. */
  JsonNode put(ObjectNode request) {
    String key = key(request);
    ObjectNode before = policies.get(key);
    String type = request.path("PolicyType").asText("StepScaling");
    if (!request.has(type + "PolicyConfiguration")) {
      throw ApiError.validation(
          type
              + "PolicyConfiguration is required, and only known here for"
              + " StepScaling and TargetTrackingScaling.");
    }
    ObjectNode policy = request.deepCopy().put("PolicyType", type);
    if (before == null) {
      policy.put("PolicyARN", arn(request));
      policy.put("CreationTime", context.time().instant().toString());
      policy.putArray("Alarms");
    } else {
      policy.setAll(Json.object().put("PolicyARN", before.path("PolicyARN").asText()));
      policy.set("CreationTime", before.path("CreationTime"));
      policy.set("Alarms", before.path("Alarms"));
    }
    policies.put(key, policy);
    if (type.startsWith("TargetTracking")) {
      track(policy);
    }
    return policy;
  }

  private String arn(ObjectNode request) {
    return context
        .arns()
        .of(
            "autoscaling",
            "scalingPolicy:%s:resource/sagemaker/%s:policyName/%s"
                .formatted(
                    context.chance().id("policy"),
                    request.path("ResourceId").asText(),
                    request.path("PolicyName").asText()));
  }

  private void track(ObjectNode policy) {
    ArrayNode own = policy.withArray("Alarms");
    if (own.isEmpty()) {
      for (String side : List.of("High", "Low")) {
        String name =
            "TargetTracking-%s-Alarm%s-%s"
                .formatted(policy.path("ResourceId").asText(), side, context.chance().id("alarm"));
        own.addObject().put("AlarmName", name).put("AlarmARN", context.arns().alarm(name));
      }
    }
    alarms.put(TrackedMetric.alarm(policy, true).put("AlarmName", alarm(policy, 0)));
    alarms.put(TrackedMetric.alarm(policy, false).put("AlarmName", alarm(policy, 1)));
  }

  /** The name of a tracking policy's alarm: 0 above, 1 below. */
  static String alarm(JsonNode policy, int side) {
    return policy.path("Alarms").path(side).path("AlarmName").asText();
  }

  /** DeleteScalingPolicy. */
  JsonNode delete(ObjectNode request) {
    ObjectNode policy = policies.remove(key(request));
    if (policy == null) {
      throw new ApiError(
          "ObjectNotFoundException",
          400,
          "No scaling policy found for resource ID: " + request.path("ResourceId").asText());
    }
    forgetAlarms(policy);
    return Json.object();
  }

  /** A target's policies go with it. */
  void forget(String target) {
    policies
        .entrySet()
        .removeIf(entry -> {
          boolean goes = ScalableTarget.key(entry.getValue()).equals(target);
          if (goes) {
            forgetAlarms(entry.getValue());
          }
          return goes;
        });
  }

  private void forgetAlarms(ObjectNode policy) {
    alarms.forgetAction(policy.path("PolicyARN").asText());
    ObjectNode names = Json.object();
    ArrayNode list = names.putArray("AlarmNames");
    policy.path("Alarms").forEach(alarm -> list.add(alarm.path("AlarmName").asText()));
    alarms.delete(names);
  }

  /** DescribeScalingPolicies. */
  public JsonNode describe(ObjectNode request) {
    List<String> names = request.path("PolicyNames").valueStream().map(JsonNode::asText).toList();
    List<ObjectNode> matching =
        policies.values().stream()
            .filter(each -> names.isEmpty() || names.contains(each.path("PolicyName").asText()))
            .filter(each ->
                !request.has("ResourceId")
                    || request.path("ResourceId").equals(each.path("ResourceId")))
            .filter(each -> Targets.sameDimension(request, each))
            .map(this::withAlarms)
            .toList();
    return Listing.page(matching, "ScalingPolicies", request, "MaxResults");
  }

  /** With the alarms that act on it. */
  private ObjectNode withAlarms(ObjectNode policy) {
    ObjectNode described = policy.deepCopy();
    ArrayNode acting = described.putArray("Alarms");
    for (String name : alarms.acting(policy.path("PolicyARN").asText())) {
      acting.addObject().put("AlarmName", name).put("AlarmARN", context.arns().alarm(name));
    }
    return described;
  }

  Optional<ObjectNode> byArn(String arn) {
    return policies.values().stream()
        .filter(policy -> policy.path("PolicyARN").asText().equals(arn))
        .findFirst();
  }

  /** All policies of a target. */
  List<ObjectNode> of(String target) {
    return policies.values().stream()
        .filter(policy -> ScalableTarget.key(policy).equals(target))
        .toList();
  }

  private static String key(JsonNode request) {
    return ScalableTarget.key(request) + " " + request.path("PolicyName").asText();
  }
}
