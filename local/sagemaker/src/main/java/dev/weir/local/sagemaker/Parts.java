package dev.weir.local.sagemaker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.endpoint.Components;
import dev.weir.local.sagemaker.endpoint.Definitions;
import dev.weir.local.sagemaker.endpoint.Endpoints;
import dev.weir.local.sagemaker.metric.Alarms;
import dev.weir.local.sagemaker.metric.MetricOperations;
import dev.weir.local.sagemaker.metric.Metrics;
import dev.weir.local.sagemaker.metric.Telemetry;
import dev.weir.local.sagemaker.scaling.Activities;
import dev.weir.local.sagemaker.scaling.Capacities;
import dev.weir.local.sagemaker.scaling.Policies;
import dev.weir.local.sagemaker.scaling.Scaling;
import dev.weir.local.sagemaker.scaling.ScheduledActions;
import dev.weir.local.sagemaker.scaling.Targets;
import dev.weir.local.sagemaker.state.Context;
import dev.weir.local.sagemaker.state.Handler;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Resource;
import dev.weir.local.sagemaker.state.Tags;
import dev.weir.local.sagemaker.studio.Apps;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Json;
import dev.weir.local.sagemaker.wire.Service;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The parts of a world, put together. */
final class Parts {
  private static final String HEALTH = "health";

  private final Context context;
  private final Tags tags;
  private final Metrics metrics;
  private final Alarms alarms;
  private final Targets targets;
  private final Policies policies;
  private final ScheduledActions scheduled;
  private final Endpoints endpoints;
  private final Telemetry telemetry;
  private final Scaling scaling;
  private final Map<Service, Map<String, Handler>> handlers = new EnumMap<>(Service.class);

  Parts(Context context) {
    this.context = context;
    tags = new Tags();
    metrics = new Metrics(context);
    alarms = new Alarms(context, metrics, tags, this::act);
    targets = new Targets(context);
    policies = new Policies(context, alarms);
    scheduled = new ScheduledActions(context);
    Definitions definitions = new Definitions(context, tags);
    endpoints =
        new Endpoints(context, definitions, tags, alarms::isAlarmed, targets::has, this::deleting);
    Components components = new Components(context, tags);
    telemetry = new Telemetry(context, endpoints, metrics);
    Activities activities = new Activities(context);
    scaling =
        new Scaling(
            context,
            targets,
            policies,
            scheduled,
            new Capacities(context, endpoints, components),
            activities,
            alarms);
    handlers.put(
        Service.SAGEMAKER, SageMakerHandlers.of(context, definitions, endpoints, components, tags));
    handlers.put(
        Service.CLOUDWATCH,
        CloudWatchHandlers.of(new MetricOperations(context, metrics), alarms, tags));
    handlers.put(
        Service.AUTO_SCALING,
        ScalingHandlers.of(scaling, targets, policies, scheduled, activities));
  }

  /** The alarms are there before what acts on them. */
  private void act(String action, String alarm, double threshold, OptionalDouble value) {
    scaling.alarmed(action, alarm, threshold, value);
  }

  /** The endpoints are there before what scales them. */
  private void deleting(String endpoint) {
    scaling.endpointDeleted(endpoint);
  }

  Map<String, Handler> handlers(Service service) {
    return handlers.getOrDefault(service, Map.of());
  }

  Metrics metrics() {
    return metrics;
  }

  /** What happens at the end of each minute, in this order. */
  void minute() {
    telemetry.minute();
    scaling.minute();
    alarms.evaluate();
  }

  void put(Kind kind, String name, ObjectNode members) {
    String status = members.path(kind.statusMember()).asText();
    members.remove(kind.statusMember());
    Resource resource =
        context
            .registry()
            .find(kind, name)
            .orElseGet(() ->
                context.create(kind, name, kind == Kind.APP ? Apps.members(name) : Json.object()));
    resource.data().setAll(members);
    if (!status.isEmpty()) {
      context.become(resource, status);
    }
  }

  void condition(String name, String health, ObjectNode load) {
    Resource endpoint = context.registry().require(Kind.ENDPOINT, name);
    telemetry.load(endpoint, load);
    endpoint.condition().put(HEALTH, health);
  }

  boolean invoke(String name) {
    Resource endpoint = context.registry().require(Kind.ENDPOINT, name);
    if (!Endpoints.serves(endpoint)) {
      throw ApiError.validation("Endpoint " + name + " of account not found.");
    }
    boolean good = endpoints.isHealthy(endpoint);
    telemetry.invoked(endpoint, good);
    return good;
  }

  ObjectNode view() {
    ObjectNode view = Json.object().put("now", context.time().instant().toString());
    for (Kind kind : Kind.values()) {
      ObjectNode all = view.putObject(kind.path());
      for (Resource resource : context.registry().all(kind)) {
        ObjectNode each = all.putObject(resource.name());
        each.setAll(resource.data().deepCopy());
        each.set("condition", resource.condition().deepCopy());
        each.set("Tags", tags.list(resource.arn()));
      }
    }
    ObjectNode alarmView = view.putObject("alarm");
    new TreeMap<>(alarms.view()).forEach((name, data) -> alarmView.set(name, data.deepCopy()));
    ObjectNode all = Json.object().put("MaxResults", Integer.MAX_VALUE);
    view.set("scalable-target", targets.describe(all.deepCopy()).path("ScalableTargets"));
    view.set("scaling-policy", policies.describe(all.deepCopy()).path("ScalingPolicies"));
    view.set("scheduled-action", scheduled.describe(all.deepCopy()).path("ScheduledActions"));
    ArrayNode faults = view.putArray("fault");
    context.faults().standing().forEach(fault -> faults.add(FaultText.json(fault)));
    return view;
  }
}
