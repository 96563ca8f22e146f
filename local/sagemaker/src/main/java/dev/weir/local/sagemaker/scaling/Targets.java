package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The scalable targets. */
public final class Targets {
  private static final String ROLE =
      ":role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com"
          + "/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint";

  private final Context context;
  private final Map<String, ScalableTarget> targets = new TreeMap<>();

  public Targets(Context context) {
    this.context = context;
  }

  /** Whether the resource is a scalable target in any dimension. */
  public boolean has(String resource) {
    return targets.values().stream().anyMatch(each -> each.resource().equalsIgnoreCase(resource));
  }

  /** RegisterScalableTarget; members not given stay as they are. */
  ScalableTarget register(ObjectNode request) {
    String key = ScalableTarget.key(request);
    ScalableTarget before = targets.get(key);
    ObjectNode data = before == null ? fresh(request) : before.data().deepCopy();
    request.remove("Tags");
    JsonNode suspended = request.remove("SuspendedState");
    data.setAll(request);
    if (suspended != null) {
      data.withObject("SuspendedState").setAll((ObjectNode) suspended);
    }
    if (!data.has("MinCapacity") || !data.has("MaxCapacity")) {
      throw ApiError.validation("MinCapacity and MaxCapacity must be given for a new target.");
    }
    int least = data.path("MinCapacity").asInt();
    if (least < 0 || least > data.path("MaxCapacity").asInt()) {
      throw ApiError.validation("Maximum capacity cannot be less than minimum capacity.");
    }
    ScalableTarget target = new ScalableTarget(data);
    targets.put(key, target);
    return target;
  }

  private ObjectNode fresh(ObjectNode request) {
    String id = context.chance().id("scalable-target");
    ObjectNode data =
        Json.object()
            .put("CreationTime", context.time().instant().toString())
            .put("RoleARN", "arn:aws:iam::" + context.arns().account() + ROLE)
            .put(
                "ScalableTargetARN",
                context.arns().of("application-autoscaling", "scalable-target/" + id));
    data.putObject("SuspendedState")
        .put("DynamicScalingInSuspended", false)
        .put("DynamicScalingOutSuspended", false)
        .put("ScheduledScalingSuspended", false);
    data.put("ServiceNamespace", request.path("ServiceNamespace").asText());
    return data;
  }

  /** DeregisterScalableTarget. */
  void deregister(ObjectNode request) {
    if (targets.remove(ScalableTarget.key(request)) == null) {
      throw missing(request);
    }
  }

  /** DescribeScalableTargets. */
  public JsonNode describe(ObjectNode request) {
    List<String> ids = request.path("ResourceIds").valueStream().map(JsonNode::asText).toList();
    List<ObjectNode> matching =
        targets.values().stream()
            .map(ScalableTarget::data)
            .filter(data -> ids.isEmpty() || ids.contains(data.path("ResourceId").asText()))
            .filter(data -> sameDimension(request, data))
            .toList();
    return Listing.page(matching, "ScalableTargets", request, "MaxResults");
  }

  static boolean sameDimension(JsonNode request, JsonNode data) {
    return !request.has("ScalableDimension")
        || request.path("ScalableDimension").equals(data.path("ScalableDimension"));
  }

  Optional<ScalableTarget> find(String key) {
    return Optional.ofNullable(targets.get(key));
  }

  ScalableTarget require(ObjectNode request) {
    return find(ScalableTarget.key(request)).orElseThrow(() -> missing(request));
  }

  private static ApiError missing(ObjectNode request) {
    return new ApiError(
        "ObjectNotFoundException",
        400,
        "No scalable target found for service namespace: %s, resource ID: %s, scalable dimension: %s"
            .formatted(
                request.path("ServiceNamespace").asText(),
                request.path("ResourceId").asText(),
                request.path("ScalableDimension").asText()));
  }

  Collection<ScalableTarget> all() {
    return List.copyOf(targets.values());
  }
}
