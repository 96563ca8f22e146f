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

  /** One that has begun; it has to be told how it ends. */
  final class Activity {
    private final ObjectNode data;
    private final int capacity;

    private Activity(ObjectNode data, int capacity) {
      this.data = data;
      this.capacity = capacity;
    }

    void fulfilled(boolean capacityFound) {
      end(
          capacityFound ? "Successful" : "Failed",
          (capacityFound ? "Successfully set" : "Failed to set")
              + (" desired capacity to " + capacity));
    }

    void refused(String message) {
      end("Failed", message);
    }

    private void end(String status, String message) {
      data.put("EndTime", context.time().instant().toString())
          .put("StatusCode", status)
          .put("StatusMessage", message);
    }
  }

  Activity begin(ScalableTarget target, int capacity, String cause) {
    ObjectNode activity =
        Json.object()
            .put("ActivityId", context.chance().id("activity"))
            .put("ServiceNamespace", "sagemaker")
            .put("ResourceId", target.resource())
            .put("ScalableDimension", target.dimension())
            .put("Description", "Setting desired capacity to " + capacity + ".")
            .put("Cause", cause)
            .put("StartTime", context.time().instant().toString())
            .put("StatusCode", "InProgress");
    activities.addFirst(activity);
    if (activities.size() > KEPT) {
      activities.removeLast();
    }
    context.history().add(context.time().instant(), target.resource(), "scale " + capacity, cause);
    return new Activity(activity, capacity);
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
