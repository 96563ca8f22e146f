package dev.weir.local.sagemaker.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Listing;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Alarms: they act and tell on transitions only; Auto Scaling hears as long as they last. A
 * composite alarm is looked at when one that its rule names changes.
 */
public final class Alarms {
  private static final String SCALING = "arn:aws:autoscaling:";

  private final Context context;
  private final Metrics metrics;
  private final Tags tags;
  private final Actions actions;
  private final Map<String, Alarm> alarms = new TreeMap<>();
  private final Transitions transitions;
  private final Composites composites;

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
    transitions = new Transitions(context);
    composites = new Composites(context, transitions, alarms);
  }

  /** Whether the alarm is there and in state ALARM. */
  public boolean isAlarmed(String name) {
    return Optional.ofNullable(alarms.get(name))
        .map(alarm -> alarm.state() == AlarmState.ALARM)
        .orElse(false);
  }

  /** PutMetricAlarm; a change of the definition leaves the state as it is. */
  public JsonNode put(ObjectNode request) {
    MetricAlarm alarm = new MetricAlarm(defined(request), metrics);
    if (alarm.period().toSeconds() % 60 != 0) {
      throw ApiError.validation("Only periods of whole minutes are known here.");
    }
    keep(alarm);
    return Json.object();
  }

  /** PutCompositeAlarm; the rule is looked at at once. */
  public JsonNode putComposite(ObjectNode request) {
    CompositeAlarm alarm = new CompositeAlarm(defined(request));
    composites.check(alarm.rule());
    keep(alarm);
    composites.begin(alarm);
    return Json.object();
  }

  /** The definition with the state there is. */
  private ObjectNode defined(ObjectNode request) {
    String name = request.path("AlarmName").asText();
    String now = context.time().instant().toString();
    Alarm before = alarms.get(name);
    if (before != null && before instanceof MetricAlarm == request.has("AlarmRule")) {
      throw ApiError.validation("There is an alarm of another type with this name.");
    }
    ObjectNode data = request.deepCopy();
    data.remove("Tags");
    data.put("AlarmArn", context.arns().alarm(name)).put("AlarmConfigurationUpdatedTimestamp", now);
    data.put("ActionsEnabled", request.path("ActionsEnabled").asBoolean(true));
    data.setAll(before == null ? Transitions.unchecked(now) : Transitions.stateOf(before));
    if (before == null) {
      tags.take(context.arns().alarm(name), request);
    }
    return data;
  }

  private void keep(Alarm alarm) {
    alarms.put(alarm.name(), alarm);
  }

  /** The names of the alarms that do this when they are raised. */
  public List<String> acting(String actionArn) {
    return alarms.values().stream()
        .filter(alarm ->
            alarm
                .data()
                .path("AlarmActions")
                .valueStream()
                .anyMatch(action -> action.asText().equals(actionArn)))
        .map(Alarm::name)
        .toList();
  }

  /** No alarm does this any more; the alarms stay. */
  public void forgetAction(String actionArn) {
    for (String name : acting(actionArn)) {
      if (require(name).data().path("AlarmActions") instanceof ArrayNode actions) {
        actions.removeIf(action -> action.asText().equals(actionArn));
      }
    }
  }

  /** DescribeAlarms; who asks for no type is told of metric alarms only. */
  public JsonNode describe(ObjectNode request) {
    var names = request.path("AlarmNames").valueStream().map(JsonNode::asText).toList();
    var types = request.path("AlarmTypes").valueStream().map(JsonNode::asText).toList();
    List<ObjectNode> matching =
        alarms.values().stream()
            .filter(alarm ->
                alarm instanceof MetricAlarm
                    ? types.isEmpty() || types.contains("MetricAlarm")
                    : types.contains("CompositeAlarm"))
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
    ObjectNode page = Listing.page(matching, "MetricAlarms", request, "MaxRecords");
    ObjectNode reply = page.deepCopy();
    var metric = reply.putArray("MetricAlarms");
    var composite = reply.putArray("CompositeAlarms");
    page.path("MetricAlarms")
        .forEach(alarm -> (alarm.has("AlarmRule") ? composite : metric).add(alarm));
    return reply;
  }

  /** DeleteAlarms; a name that is not there is no error, as long as one is. */
  public JsonNode delete(ObjectNode request) {
    var names = request.path("AlarmNames").valueStream().map(JsonNode::asText).toList();
    if (names.stream().filter(name -> alarms.get(name) instanceof CompositeAlarm).count() > 1) {
      throw ApiError.validation("Only one composite alarm can be deleted at a time.");
    }
    for (String name : names) {
      Set<String> dependent = new TreeSet<>(composites.dependents(name));
      dependent.removeAll(names);
      if (!dependent.isEmpty()) {
        throw ApiError.validation("Composite alarms depend on " + name + ": " + dependent);
      }
    }
    for (String name : names) {
      alarms.remove(name);
      tags.forget(context.arns().alarm(name));
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

  /**
   * SetAlarmState; the next evaluation sets it back to what the metric says, and a composite one
   * when an alarm of its rule changes.
   */
  public JsonNode set(ObjectNode request) {
    Alarm alarm = require(request.path("AlarmName").asText());
    change(
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
    for (MetricAlarm alarm : metricAlarms()) {
      List<OptionalDouble> points = alarm.points(context.time().instant());
      AlarmState next = alarm.rule().evaluate(points, alarm.state());
      if (next != alarm.state()) {
        change(
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

  private List<MetricAlarm> metricAlarms() {
    return alarms.values().stream()
        .filter(MetricAlarm.class::isInstance)
        .map(MetricAlarm.class::cast)
        .toList();
  }

  /** Becomes it, acts, and lets those know that depend on it. */
  private void change(
      Alarm alarm, AlarmState next, String reason, String reasonData, OptionalDouble value) {
    if (transitions.become(alarm, next, reason, reasonData)) {
      if (alarm instanceof MetricAlarm metric) {
        act(metric, value, "");
      }
      composites.changed(alarm);
    }
  }

  private void act(MetricAlarm alarm, OptionalDouble value, String prefix) {
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
