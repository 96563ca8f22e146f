package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Endpoints in every state, and what can go wrong with them. */
final class RestartEndpointScenarios {
  private RestartEndpointScenarios() {}

  static List<Scenario> all() {
    return List.of(
        status("Creating", rig -> later(rig, "{'EndpointStatus':'InService'}")),
        status("Updating", rig -> {}),
        status("SystemUpdating", rig -> later(rig, "{'EndpointStatus':'InService'}")),
        status("RollingBack", rig -> later(rig, "{'EndpointStatus':'Failed'}")),
        status("Deleting", rig -> {}),
        status("OutOfService", rig -> {}),
        status("Failed", rig -> approving(rig)),
        status(
            "Failed",
            rig -> {
              approving(rig);
              good(rig, "chat-config");
              scaled(rig);
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              good(rig, "gone-config");
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.ACCESS_DENIED, "DeleteEndpoint", 0);
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              scaled(rig);
              fault(rig, CallFault.ACCESS_DENIED, "PutScalingPolicy", 0);
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.LIMIT_EXCEEDED, "CreateEndpoint", 0);
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.LOST_REQUEST, "CreateEndpoint", 0);
            }),
        status(
            "Failed",
            rig -> {
              approving(rig);
              rig.account.machines();
              rig.time.after(Duration.ofMinutes(1), () -> switchOffOnceDeleted(rig));
            }),
        status("UpdateRollbackFailed", rig -> {}),
        status(
            "UpdateRollbackFailed",
            rig -> {
              approving(rig);
              good(rig, "chat-config");
              rig.put("chat", "{'EndpointConfigName':'other-config'}");
            }),
        updating("silently rolled back", Course.SILENT_ROLLBACK),
        updating("rollback fails", Course.ROLLBACK_FAILED),
        updating("no capacity", Course.NO_CAPACITY),
        updating("too little capacity", Course.PARTIAL_CAPACITY),
        updating("stuck", Course.STUCK),
        updating("fails", Course.FAILED),
        calling("reply lost", CallFault.LOST_REPLY, 1),
        calling("request lost", CallFault.LOST_REQUEST, 1),
        calling("request lost each time", CallFault.LOST_REQUEST, 0),
        calling("throttled", CallFault.THROTTLED, 5),
        calling("throttled for ever", CallFault.THROTTLED, 0),
        calling("denied", CallFault.ACCESS_DENIED, 0),
        calling("over its quota", CallFault.LIMIT_EXCEEDED, 0),
        GuardScenarios.failing(
            "lost reply of the configuration",
            rig -> fault(rig, CallFault.LOST_REPLY, "CreateEndpointConfig", 1)),
        GuardScenarios.failing(
            "half of all calls throttled",
            rig -> rig.world.add(new Fault(CallFault.THROTTLED, Fault.ANY, Fault.ANY).share(0.5))),
        GuardScenarios.failing(
            "in service, but probes fail",
            rig -> {
              rig.world.add(new Fault(Condition.PROBES_FAIL, Fault.ANY, "chat"));
            }),
        GuardScenarios.failing(
            "the model is gone", rig -> rig.call("DeleteModel", "{'ModelName':'chat-model'}")),
        GuardScenarios.failing(
            "somebody else deploys after the alarm",
            rig ->
                rig.time.after(
                    Duration.ofMillis(120_300),
                    () -> {
                      rig.call(
                          "CreateEndpointConfig",
                          "{'EndpointConfigName':'mine','ProductionVariants':[{'VariantName':'AllTraffic','ModelName':'chat-model','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}");
                      rig.put(
                          "chat",
                          "{'EndpointConfigName':'mine','LastModifiedTime':'%s'}"
                              .formatted(rig.time.instant().plusSeconds(1)));
                    })),
        status("InService", RestartEndpointScenarios::component),
        status(
            "InService",
            rig -> {
              component(rig);
              rig.world.add(
                  new Fault(Course.FAILED, "UpdateInferenceComponentRuntimeConfig", Fault.ANY));
              rig.world.add(new Fault(Course.FAILED, "UpdateInferenceComponent", Fault.ANY));
            }),
        new Scenario(
            "an endpoint that does not exist",
            Duration.ofHours(1),
            rig -> {
              rig.mode("restart-endpoint", "auto");
              rig.remedy(
                  "restart-endpoint", "endpoint", "EndpointName", stateChange(rig, "FAILED"));
            }));
  }

  /** An endpoint that is in this state, and SageMaker says so. */
  private static Scenario status(String status, Consumer<Rig> more) {
    return new Scenario(
        "endpoint " + status,
        Duration.ofHours(4),
        rig -> {
          rig.mode("restart-endpoint", "auto");
          rig.endpoint("chat", 2);
          rig.put("chat", "{'EndpointStatus':'%s'}".formatted(status));
          more.accept(rig);
          rig.remedy("restart-endpoint", "endpoint", "EndpointName", stateChange(rig, "FAILED"));
        });
  }

  private static Scenario updating(String name, FaultKind course) {
    return GuardScenarios.failing(
        "update: " + name, rig -> fault(rig, course, "UpdateEndpoint", 1));
  }

  private static Scenario calling(String name, FaultKind kind, int times) {
    return GuardScenarios.failing(
        "update: " + name, rig -> fault(rig, kind, "UpdateEndpoint", times));
  }

  private static void fault(Rig rig, FaultKind kind, String operation, int times) {
    rig.world.add(new Fault(kind, operation, Fault.ANY).times(times));
  }

  private static void later(Rig rig, String members) {
    rig.time.after(Duration.ofMinutes(5), () -> rig.put("chat", members));
  }

  private static void approving(Rig rig) {
    rig.approver = request -> GuardScenarios.approve(rig, request);
  }

  private static void good(Rig rig, String config) {
    rig.put("GOOD", "endpoint/chat", Map.of("configs", Map.of("L", List.of(Map.of("S", config)))));
  }

  private static void scaled(Rig rig) {
    rig.call(
        Service.AUTO_SCALING,
        "RegisterScalableTarget",
        "{'ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','MinCapacity':1,'MaxCapacity':4}");
    rig.call(
        Service.AUTO_SCALING,
        "PutScalingPolicy",
        "{'PolicyName':'p','ServiceNamespace':'sagemaker','ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','PolicyType':'TargetTrackingScaling','TargetTrackingScalingPolicyConfiguration':{'TargetValue':70.0,'PredefinedMetricSpecification':{'PredefinedMetricType':'SageMakerVariantInvocationsPerInstance'}}}");
  }

  private static void switchOffOnceDeleted(Rig rig) {
    boolean deleted =
        rig.world.ledger().stream().anyMatch(entry -> entry.operation().equals("DeleteEndpoint"));
    if (deleted) {
      rig.mode("GLOBAL", "off");
    } else {
      rig.time.after(Duration.ofSeconds(1), () -> switchOffOnceDeleted(rig));
    }
  }

  private static void component(Rig rig) {
    rig.call(
        "CreateInferenceComponent",
        "{'InferenceComponentName':'part','EndpointName':'chat','VariantName':'AllTraffic','Specification':{'ModelName':'chat-model','ComputeResourceRequirements':{'MinMemoryRequiredInMb':1024,'NumberOfCpuCoresRequired':1}},'RuntimeConfig':{'CopyCount':1}}");
    rig.world.put(
        dev.weir.local.sagemaker.state.Kind.INFERENCE_COMPONENT,
        "part",
        Rig.json("{'InferenceComponentStatus':'Failed'}"));
  }

  private static com.fasterxml.jackson.databind.JsonNode stateChange(Rig rig, String status) {
    return Rig.json(
        "{'detail-type':'SageMaker Endpoint State Change','source':'aws.sagemaker','time':'%s','resources':[],'detail':{'EndpointName':'chat','EndpointStatus':'%s'}}"
            .formatted(rig.time.instant(), status));
  }
}
