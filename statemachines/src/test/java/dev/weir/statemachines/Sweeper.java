package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The idle sweep on the rig: the function that judges, and the rules that start its actions. */
final class Sweeper {
  private static final List<String> ACTIONS =
      List.of("stop-notebook", "delete-app", "park-endpoint", "unpark-endpoint", "stop-job");
  private static final String FENCE = "7";

  final Rig rig;

  /** What happens between the sweep's look and the action's. */
  Runnable meanwhile = () -> {};

  Sweeper(Rig rig) {
    this.rig = rig;
    rig.heard =
        event -> {
          if (event.path("source").asText().equals("weir.sweep")) {
            meanwhile.run();
          }
        };
    ACTIONS.forEach(action -> rig.mode(action, "auto"));
  }

  /** What the schedule hands over. */
  static ObjectNode schedule(String kind) {
    return Rig.json(
            "{'limit':20,'graceMinutes':50,'settings':{'idleMinutes':60,'endpointDays':7,'ageDays':14,'heartbeatMinutes':5,'busyPercent':10}}")
        .put("kind", kind);
  }

  /** Sweeps once and says what it counted. */
  JsonNode sweep(String kind) {
    return run("sweep", schedule(kind)).output().orElseThrow();
  }

  /** Runs a machine to its end. */
  ExecutionDescription run(String machine, ObjectNode input) {
    String arn = rig.start(machine, input);
    for (int i = 0; i < 600 && rig.describe(arn).status() == ExecutionStatus.RUNNING; i++) {
      rig.time.advance(Duration.ofSeconds(30));
    }
    return rig.describe(arn);
  }

  /** Plans without the guard. */
  ExecutionDescription plan(String action, String kind, String name) {
    return run("act-" + action, input("plan", action, kind, name));
  }

  /** Acts without the guard, which only lends the lease. */
  ExecutionDescription act(String action, String kind, String name, JsonNode plan) {
    rig.put(
        "LOCK",
        kind + "/" + name,
        Map.of("owner", Map.of("S", "guard"), "fence", Map.of("N", FENCE)));
    ObjectNode input = input("act", action, kind, name);
    input.set("plan", plan);
    input.putObject("lease").put("owner", "guard").put("fence", FENCE);
    return run("act-" + action, input);
  }

  private ObjectNode input(String phase, String action, String kind, String name) {
    ObjectNode input =
        Rig.JSON
            .createObjectNode()
            .put("phase", phase)
            .put("action", action)
            .put("hash", "0123456789abcdef0123456789abcdef")
            .put("attempt", 1)
            .put("touched", "");
    input.putObject("target").put("kind", kind).put("name", name);
    ObjectNode detail = input.putObject("event").putObject("detail");
    detail.put("target", name).put("kind", kind).put("reason", "QUIET");
    detail.putArray("evidence").add("nobody was there");
    return input;
  }

  void notebook(String name, String tags) {
    rig.call(
        "CreateNotebookInstance",
        "{'NotebookInstanceName':'%s','InstanceType':'ml.t3.medium','RoleArn':'arn:aws:iam::123456789012:role/notebook','Tags':[%s]}"
            .formatted(name, tags));
  }

  /** Its last heartbeat: when it was written and when somebody was active, in minutes from now. */
  void heartbeat(String kind, String name, int at, int active, String more) {
    Map<String, Object> item = new HashMap<>();
    item.put("at", Map.of("S", rig.time.instant().plus(Duration.ofMinutes(at)).toString()));
    item.put(
        "lastActivity",
        Map.of("S", rig.time.instant().plus(Duration.ofMinutes(active)).toString()));
    item.put("busyKernels", Map.of("N", "0"));
    item.put("terminals", Map.of("N", "0"));
    item.put("cpuPercent", Map.of("N", "1"));
    Rig.json("{" + more + "}")
        .properties()
        .forEach(e -> item.put(e.getKey(), Map.of("N", e.getValue().asText())));
    rig.put("HEARTBEAT", kind + "/" + name, item);
  }

  /** Its owner was warned an hour ago. */
  void warned(String kind, String name) {
    rig.put(
        "WARN",
        kind + "/" + name,
        Map.of("at", Map.of("S", rig.time.instant().minus(Duration.ofMinutes(60)).toString())));
  }

  /** Notebooks nb-0, nb-1 and so on, which nobody has used for an hour and a half. */
  void idleNotebooks(int count) {
    for (int i = 0; i < count; i++) {
      rig.world.put(
          Kind.NOTEBOOK_INSTANCE,
          "nb-" + i,
          Rig.json("{'NotebookInstanceStatus':'InService','InstanceType':'ml.t3.medium'}"));
    }
    rig.time.advance(Duration.ofHours(2));
    for (int i = 0; i < count; i++) {
      heartbeat("notebook-instance", "nb-" + i, -1, -90, "");
    }
  }

  /** A domain whose JupyterLab apps end by themselves when idle, or do not. */
  void domain(String idleSettings) {
    rig.world.put(
        Kind.DOMAIN,
        "d-1",
        Rig.json(
            "{'Status':'InService','DefaultUserSettings':{'JupyterLabAppSettings':{'AppLifecycleManagement':{'IdleSettings':{'LifecycleManagement':'%s'}}}}}"
                .formatted(idleSettings)));
  }

  /** An app in that domain; the owner is a member of CreateApp. */
  void app(String owner, String type) {
    rig.call(
        "CreateApp",
        "{'DomainId':'d-1',%s,'AppType':'%s','AppName':'default','ResourceSpec':{'InstanceType':'ml.t3.medium'}}"
            .formatted(owner, type));
  }

  /** An endpoint with a scaling policy, a few minutes old. */
  void endpoint(String name, String env) {
    rig.call(
        "CreateModel",
        "{'ModelName':'%s-model','ExecutionRoleArn':'arn:aws:iam::123456789012:role/sagemaker','PrimaryContainer':{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:1'}}"
            .formatted(name));
    rig.call(
        "CreateEndpointConfig",
        "{'EndpointConfigName':'%s-config','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'%s-model','InstanceType':'ml.m5.large','InitialInstanceCount':2}],'Tags':[{'Key':'Owner','Value':'ann'}]}"
            .formatted(name, name));
    rig.time.advance(Duration.ofMinutes(1));
    rig.call(
        "CreateEndpoint",
        "{'EndpointName':'%s','EndpointConfigName':'%s-config','Tags':[{'Key':'env','Value':'%s'}]}"
            .formatted(name, name, env));
    rig.time.advance(Duration.ofMinutes(8));
    String variant =
        "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/%s/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount',"
            .formatted(name);
    rig.call(
        Service.AUTO_SCALING,
        "RegisterScalableTarget",
        variant + "'MinCapacity':2,'MaxCapacity':4}");
    rig.call(
        Service.AUTO_SCALING,
        "PutScalingPolicy",
        variant
            + "'PolicyName':'requests','PolicyType':'TargetTrackingScaling','TargetTrackingScalingPolicyConfiguration':{'TargetValue':70,'PredefinedMetricSpecification':{'PredefinedMetricType':'SageMakerVariantInvocationsPerInstance'}}}");
    rig.time.advance(Duration.ofMinutes(1));
  }

  /** Parks without the guard. */
  void park(String name) {
    JsonNode plan = plan("park-endpoint", "endpoint", name).output().orElseThrow();
    act("park-endpoint", "endpoint", name, plan);
    rig.put("LOCK", "endpoint/" + name, Map.of());
  }

  /** What a person asks for. */
  void unpark(String name) {
    rig.ask("Unpark Endpoint", Rig.JSON.createObjectNode().put("target", name));
  }

  /** Sweeps every 15 minutes; a notebook stays as quiet as it is. */
  void sweepFor(String kind, Duration time, Runnable before) {
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plusMinutes(15)) {
      before.run();
      rig.start("sweep", schedule(kind));
      rig.time.advance(Duration.ofMinutes(15));
    }
  }

  /** What became of the guard's runs. */
  List<String> outcomes() {
    return rig.outcomes().stream().filter(outcome -> !outcome.startsWith("REPORTED")).toList();
  }

  /** Calls that changed something, in order. */
  List<String> mutations(String operation) {
    return rig.world.ledger().stream()
        .filter(Ledger.Entry::isDone)
        .filter(entry -> entry.operation().equals(operation))
        .map(Ledger.Entry::resource)
        .toList();
  }

  String status(String kind, String request, String member) {
    return rig.call("Describe" + kind, request).path(member).asText();
  }
}
