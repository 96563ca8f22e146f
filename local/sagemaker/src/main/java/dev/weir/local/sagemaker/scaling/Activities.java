package dev.weir.local.sagemaker.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.wire.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What Application Auto Scaling did, the newest 1,000 activities. */
public final class Activities {
  private static final int KEPT = 1000;

  private final Context context;
  private final Deque<ObjectNode> activities = new ArrayDeque<>();

  public Activities(Context context) {
    this.context = context;
  }

  void add(ScalableTarget target, int capacity, String cause, String status, String message) {
    String now = context.time().instant().toString();
    ObjectNode activity =
        Json.object()
            .put("ActivityId", context.chance().id("activity"))
            .put("ServiceNamespace", "sagemaker")
            .put("ResourceId", target.resource())
            .put("ScalableDimension", target.dimension())
            .put("Description", "Setting desired capacity to " + capacity + ".")
            .put("Cause", cause)
            .put("StartTime", now)
            .put("EndTime", now)
            .put("StatusCode", status)
            .put("StatusMessage", message);
    activities.addFirst(activity);
    if (activities.size() > KEPT) {
      activities.removeLast();
    }
    context.history().add(context.time().instant(), target.resource(), "scale " + capacity, cause);
  }

  /** DescribeScalingActivities, newest first. */
  public JsonNode describe(ObjectNode request) {
    List<ObjectNode> matching =
        activities.stream()
            .filter(each ->
                !request.has("ResourceId")
                    || request.path("ResourceId").equals(each.path("ResourceId")))
            .filter(each -> Targets.sameDimension(request, each))
            .toList();
    return Listing.page(matching, "ScalingActivities", request, "MaxResults");
  }
}
