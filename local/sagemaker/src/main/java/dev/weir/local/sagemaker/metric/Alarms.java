package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Metric alarms: they act and tell on transitions only; Auto Scaling hears as long as they last.
 */
public final class Alarms {
  private static final String SCALING = "arn:aws:autoscaling:";

  private final Context context;
  private final Metrics metrics;
  private final Tags tags;
  private final Actions actions;
  private final Map<String, Alarm> alarms = new TreeMap<>();

  /** Carries out an alarm's action. */
  @FunctionalInterface
  public interface Actions {

    /**
     * Carries it out.
     *
     * @param value the newest data point; empty if there is none
     */
    void act(String actionArn, String alarmName, double threshold, OptionalDouble value);
  }

  public Alarms(Context context, Metrics metrics, Tags tags, Actions actions) {
    this.context = context;
    this.metrics = metrics;
    this.tags = tags;
    this.actions = actions;
  }

  /** Whether the alarm is there and in state ALARM. */
  public boolean isAlarmed(String name) {
    return Optional.ofNullable(alarms.get(name))
        .map(alarm -> alarm.state() == AlarmState.ALARM)
        .orElse(false);
  }

  /** PutMetricAlarm; a change of the definition leaves the state as it is. */
  public JsonNode put(ObjectNode request) {
    String name = request.path("AlarmName").asText();
    String arn = context.arns().alarm(name);
    String now = context.time().instant().toString();
    Alarm before = alarms.get(name);
    if (before == null) {
      tags.take(arn, request);
    }
    request.remove("Tags");
    ObjectNode state = before == null ? unchecked(now) : stateOf(before);
    request.put("AlarmArn", arn).put("AlarmConfigurationUpdatedTimestamp", now);
    request.put("ActionsEnabled", request.path("ActionsEnabled").asBoolean(true)).setAll(state);
    Alarm alarm = new Alarm(request, metrics);
    if (alarm.period().toSeconds() % 60 != 0) {
      throw ApiError.validation("Only periods of whole minutes are known here.");
    }
    alarms.put(name, alarm);
    return Json.object();
  }

  private static ObjectNode unchecked(String now) {
    return Json.object()
        .put("StateValue", AlarmState.INSUFFICIENT_DATA.name())
        .put("StateReason", "Unchecked: Initial alarm creation")
        .put("StateUpdatedTimestamp", now)
        .put("StateTransitionedTimestamp", now);
  }

  private static ObjectNode stateOf(Alarm alarm) {
    ObjectNode state = Json.object();
    for (String member :
        List.of(
            "StateValue",
            "StateReason",
            "StateReasonData",
            "StateUpdatedTimestamp",
            "StateTransitionedTimestamp")) {
      if (alarm.data().has(member)) {
        state.set(member, alarm.data().path(member));
      }
    }
    return state;
  }

  /** DescribeAlarms. */
  public JsonNode describe(ObjectNode request) {
    var names = request.path("AlarmNames").valueStream().map(JsonNode::asText).toList();
    List<ObjectNode> matching =
        alarms.values().stream()
            .filter(alarm -> names.isEmpty() || names.contains(alarm.name()))
            .filter(alarm -> alarm.name().startsWith(request.path("AlarmNamePrefix").asText()))
            .filter(alarm ->
                request
                    .path("StateValue")
                    .asText(alarm.state().name())
                    .equals(alarm.state().name()))
            .filter(alarm ->
                !request.has("ActionPrefix")
                    || alarm
                        .data()
                        .path("AlarmActions")
                        .valueStream()
                        .anyMatch(action ->
                            action.asText().startsWith(request.path("ActionPrefix").asText())))
            .map(Alarm::data)
            .toList();
    if (!request.has("MaxRecords")) {
      request.put("MaxRecords", 50);
    }
    ObjectNode reply = Listing.page(matching, "MetricAlarms", request, "MaxRecords");
    reply.putArray("CompositeAlarms");
    return reply;
  }

  /** DeleteAlarms; a name that is not there is no error, as long as one is. */
  public JsonNode delete(ObjectNode request) {
    for (JsonNode name : request.path("AlarmNames")) {
      alarms.remove(name.asText());
      tags.forget(context.arns().alarm(name.asText()));
    }
    return Json.object();
  }

  /** EnableAlarmActions and DisableAlarmActions. */
  public JsonNode enable(ObjectNode request, boolean enabled) {
    request
        .path("AlarmNames")
        .forEach(name -> require(name.asText()).data().put("ActionsEnabled", enabled));
    return Json.object();
  }

  /** SetAlarmState; the next evaluation sets it back to what the metric says. */
  public JsonNode set(ObjectNode request) {
    Alarm alarm = require(request.path("AlarmName").asText());
    become(
        alarm,
        AlarmState.valueOf(request.path("StateValue").asText()),
        request.path("StateReason").asText(),
        request.path("StateReasonData").asText(),
        OptionalDouble.empty());
    return Json.object();
  }

  private Alarm require(String name) {
    Alarm alarm = alarms.get(name);
    if (alarm == null) {
      throw new ApiError("ResourceNotFound", 404, "Unknown alarm: " + name);
    }
    return alarm;
  }

  /** Evaluates all of them at the end of a minute. */
  public void evaluate() {
    for (Alarm alarm : List.copyOf(alarms.values())) {
      List<OptionalDouble> points = alarm.points(context.time().instant());
      AlarmState next = alarm.rule().evaluate(points, alarm.state());
      if (next != alarm.state()) {
        become(
            alarm,
            next,
            AlarmReasons.text(alarm.rule(), points, next),
            AlarmReasons.data(alarm, points, context.time().instant()),
            points.getFirst());
      } else if (next == AlarmState.ALARM) {
        act(alarm, points.getFirst(), SCALING);
      }
    }
  }

  private void become(
      Alarm alarm, AlarmState next, String reason, String reasonData, OptionalDouble value) {
    ObjectNode before = AlarmReasons.state(alarm);
    boolean changes = next != alarm.state();
    Instant now = context.time().instant();
    ObjectNode data = alarm.data();
    data.put("StateValue", next.name()).put("StateReason", reason);
    data.put("StateReasonData", reasonData).put("StateUpdatedTimestamp", now.toString());
    if (changes) {
      data.put("StateTransitionedTimestamp", now.toString());
      context.history().add(now, "alarm/" + alarm.name(), next.name(), reason);
      context.bus().alarm(alarm.name(), AlarmReasons.detail(alarm, before));
      act(alarm, value, "");
    }
  }

  private void act(Alarm alarm, OptionalDouble value, String prefix) {
    String member =
        switch (alarm.state()) {
          case OK -> "OKActions";
          case ALARM -> "AlarmActions";
          case INSUFFICIENT_DATA -> "InsufficientDataActions";
        };
    if (alarm.data().path("ActionsEnabled").asBoolean()) {
      for (JsonNode action : alarm.data().path(member)) {
        if (action.asText().startsWith(prefix)) {
          actions.act(action.asText(), alarm.name(), alarm.rule().threshold(), value);
        }
      }
    }
  }

  /** All alarms by name, for the world's own view. */
  public Map<String, ObjectNode> view() {
    return alarms.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().data()));
  }
}
