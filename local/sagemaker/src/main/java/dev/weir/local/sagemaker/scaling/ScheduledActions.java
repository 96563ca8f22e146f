package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bounds that targets are to get at set times; they are kept, but no time brings them about. */
public final class ScheduledActions {
  private final Context context;
  private final Map<String, ObjectNode> actions = new TreeMap<>();

  public ScheduledActions(Context context) {
    this.context = context;
  }

  /** PutScheduledAction; start and end that are not given are taken off, the rest stays. */
  JsonNode put(ObjectNode request) {
    String key = key(request);
    ObjectNode before = actions.get(key);
    if (before == null && !(request.has("Schedule") && request.has("ScalableTargetAction"))) {
      throw ApiError.validation("Schedule and ScalableTargetAction must be given for a new one.");
    }
    ObjectNode action = before == null ? fresh(request) : before.deepCopy();
    action.remove(List.of("StartTime", "EndTime"));
    action.setAll(request);
    actions.put(key, action);
    return Json.object();
  }

  private ObjectNode fresh(ObjectNode request) {
    return Json.object()
        .put("CreationTime", context.time().instant().toString())
        .put(
            "ScheduledActionARN",
            context
                .arns()
                .of(
                    "autoscaling",
                    "scheduledAction:%s:resource/sagemaker/%s:scheduledActionName/%s"
                        .formatted(
                            context.chance().id("scheduled-action"),
                            request.path("ResourceId").asText(),
                            request.path("ScheduledActionName").asText())));
  }

  /** DeleteScheduledAction. */
  public JsonNode delete(ObjectNode request) {
    if (actions.remove(key(request)) == null) {
      throw new ApiError(
          "ObjectNotFoundException",
          400,
          "No scheduled action found for resource ID: " + request.path("ResourceId").asText());
    }
    return Json.object();
  }

  /** A target's scheduled actions go with it. */
  void forget(String target) {
    actions.values().removeIf(each -> ScalableTarget.key(each).equals(target));
  }

  /** DescribeScheduledActions. */
  public JsonNode describe(ObjectNode request) {
    List<String> names =
        request.path("ScheduledActionNames").valueStream().map(JsonNode::asText).toList();
    List<ObjectNode> matching =
        actions.values().stream()
            .filter(each ->
                names.isEmpty() || names.contains(each.path("ScheduledActionName").asText()))
            .filter(each ->
                !request.has("ResourceId")
                    || request.path("ResourceId").equals(each.path("ResourceId")))
            .filter(each -> Targets.sameDimension(request, each))
            .toList();
    return Listing.page(matching, "ScheduledActions", request, "MaxResults");
  }

  private static String key(JsonNode request) {
    return ScalableTarget.key(request) + " " + request.path("ScheduledActionName").asText();
  }
}
