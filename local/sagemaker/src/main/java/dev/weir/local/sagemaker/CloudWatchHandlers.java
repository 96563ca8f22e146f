package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.metric.Alarms;
import dev.weir.local.sagemaker.metric.MetricOperations;
import dev.weir.local.sagemaker.state.Handler;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.Json;
import java.util.Map;

/** CloudWatch's operations by name. */
final class CloudWatchHandlers {
  private static final String RESOURCE = "ResourceARN";

  private CloudWatchHandlers() {}

  static Map<String, Handler> of(MetricOperations metrics, Alarms alarms, Tags tags) {
    return Map.ofEntries(
        Map.entry("PutMetricData", metrics::put),
        Map.entry("GetMetricData", metrics::data),
        Map.entry("GetMetricStatistics", metrics::statistics),
        Map.entry("ListMetrics", metrics::list),
        Map.entry("PutMetricAlarm", alarms::put),
        Map.entry("PutCompositeAlarm", alarms::putComposite),
        Map.entry("DescribeAlarms", alarms::describe),
        Map.entry("DeleteAlarms", alarms::delete),
        Map.entry("SetAlarmState", alarms::set),
        Map.entry("EnableAlarmActions", request -> alarms.enable(request, true)),
        Map.entry("DisableAlarmActions", request -> alarms.enable(request, false)),
        Map.entry("ListTagsForResource", request -> list(tags, request)),
        Map.entry(
            "TagResource",
            request -> {
              tags.add(request.path(RESOURCE).asText(), request.path("Tags"));
              return Json.object();
            }),
        Map.entry(
            "UntagResource",
            request -> {
              tags.remove(request.path(RESOURCE).asText(), request.path("TagKeys"));
              return Json.object();
            }));
  }

  private static ObjectNode list(Tags tags, ObjectNode request) {
    ObjectNode reply = Json.object();
    reply.set("Tags", tags.list(request.path(RESOURCE).asText()));
    return reply;
  }
}
