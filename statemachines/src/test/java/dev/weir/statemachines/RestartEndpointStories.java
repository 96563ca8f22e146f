package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.local.sagemaker.state.Kind;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Endpoints in every state, and what can go wrong with them. */
final class RestartEndpointStories {
  private RestartEndpointStories() {}

  static List<Story> all() {
    return List.of(
        status(
            "Creating",
            rig -> later(rig, "{'EndpointStatus':'InService'}"),
            "INTENT(WAIT)",
            "SUCCEEDED(WAIT)"),
        status("Updating", rig -> {}, "INTENT(WAIT)", "FAILED(STUCK_UPDATING)"),
        status(
            "SystemUpdating",
            rig -> later(rig, "{'EndpointStatus':'InService'}"),
            "INTENT(WAIT)",
            "SUCCEEDED(WAIT)"),
        status(
            "RollingBack",
            rig -> later(rig, "{'EndpointStatus':'Failed'}"),
            "INTENT(WAIT)",
            "FAILED(ENDPOINT_FAILED)"),
        status("Deleting", rig -> {}, "INTENT(WAIT)", "FAILED(STUCK_DELETING)"),
        status("OutOfService", rig -> {}, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        status(
            "OutOfService", RestartEndpointStories::owing, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        status("Failed", rig -> approving(rig), "INTENT(RECREATE)", "SUCCEEDED(RECREATE)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              good(rig, "chat-config");
              ScaledEndpoint.of(rig);
            },
            "INTENT(RECREATE)",
            "SUCCEEDED(RECREATE)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              good(rig, "gone-config");
            },
            "ESCALATED(PART_MISSING)"),
        status(
            "Failed",
            rig ->
                rig.world.put(
                    Kind.ENDPOINT_CONFIG,
                    "chat-config",
                    Rig.json(
                        "{'ProductionVariants':[{'VariantName':'AllTraffic','InstanceType':'ml.m5.large','InitialInstanceCount':2}]}")),
            "ESCALATED(INFERENCE_COMPONENTS)"),
        without("repository/m:1"),
        without("repository/m"),
        without("role/sagemaker"),
        without("repository/n@sha256:0f"),
        without("repository/o:latest"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.ACCESS_DENIED, "DeleteEndpoint", 0);
            },
            "INTENT(RECREATE)",
            "FAILED(ACCESS_DENIED)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              ScaledEndpoint.of(rig);
              fault(rig, CallFault.ACCESS_DENIED, "PutScalingPolicy", 0);
            },
            "INTENT(RECREATE)",
            "FAILED(SCALING_LOST)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.LIMIT_EXCEEDED, "CreateEndpoint", 0);
            },
            "INTENT(RECREATE)",
            "FAILED(QUOTA_EXCEEDED)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              fault(rig, CallFault.LOST_REQUEST, "CreateEndpoint", 0);
            },
            "INTENT(RECREATE)",
            "FAILED(ENDPOINT_MISSING)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              rig.account.machines();
              rig.time.after(
                  Duration.ofMinutes(1), () -> onceDeleted(rig, () -> rig.mode("GLOBAL", "off")));
            },
            "INTENT(RECREATE)",
            "SUCCEEDED(RECREATE)"),
        status(
            "Failed",
            rig -> {
              approving(rig);
              ScaledEndpoint.of(rig);
              rig.time.after(Duration.ofMinutes(1), () -> stopOnceDeleted(rig));
              rig.time.after(
                  Duration.ofMinutes(90),
                  () ->
                      rig.remedy(
                          "restart-endpoint",
                          "endpoint",
                          "EndpointName",
                          stateChange(rig, "FAILED")));
            },
            "INTENT(RECREATE)",
            "CRASHED(ABORTED)",
            "INTENT(RECREATE)",
            "SUCCEEDED(RECREATE)"),
        status("UpdateRollbackFailed", rig -> {}, "ESCALATED(NO_GOOD_CONFIG)"),
        status(
            "UpdateRollbackFailed",
            rig -> {
              approving(rig);
              good(rig, "chat-config");
              rig.put("chat", "{'EndpointConfigName':'other-config'}");
            },
            "INTENT(REDEPLOY)",
            "SUCCEEDED(REDEPLOY)"),
        updating(
            "silently rolled back",
            Course.SILENT_ROLLBACK,
            "INTENT(REPLACE)",
            "ROLLED_BACK(SILENT_ROLLBACK)"),
        updating(
            "rollback fails", Course.ROLLBACK_FAILED, "INTENT(REPLACE)", "FAILED(ROLLBACK_FAILED)"),
        updating(
            "no capacity", Course.NO_CAPACITY, "INTENT(REPLACE)", "ROLLED_BACK(SILENT_ROLLBACK)"),
        updating(
            "too little capacity",
            Course.PARTIAL_CAPACITY,
            "INTENT(REPLACE)",
            "ROLLED_BACK(PARTIAL_CAPACITY)"),
        updating("stuck", Course.STUCK, "INTENT(REPLACE)", "FAILED(STUCK_UPDATING)"),
        updating("fails", Course.FAILED, "INTENT(REPLACE)", "ROLLED_BACK(SILENT_ROLLBACK)"),
        calling("reply lost", CallFault.LOST_REPLY, 1, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        calling("request lost", CallFault.LOST_REQUEST, 1, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        calling(
            "request lost each time",
            CallFault.LOST_REQUEST,
            0,
            "INTENT(REPLACE)",
            "FAILED(NOT_UPDATED)"),
        calling("throttled", CallFault.THROTTLED, 5, "INTENT(REPLACE)", "SUCCEEDED(REPLACE)"),
        calling(
            "throttled for ever", CallFault.THROTTLED, 0, "INTENT(REPLACE)", "FAILED(THROTTLED)"),
        calling("denied", CallFault.ACCESS_DENIED, 0, "INTENT(REPLACE)", "FAILED(ACCESS_DENIED)"),
        calling(
            "over its quota",
            CallFault.LIMIT_EXCEEDED,
            0,
            "INTENT(REPLACE)",
            "FAILED(QUOTA_EXCEEDED)"),
        GuardStories.failing(
            "lost reply of the configuration",
            rig -> fault(rig, CallFault.LOST_REPLY, "CreateEndpointConfig", 1),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        GuardStories.failing(
            "many calls throttled",
            rig -> rig.world.add(new Fault(CallFault.THROTTLED, Fault.ANY, Fault.ANY).share(0.4)),
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        GuardStories.failing(
            "in service, but probes fail",
            rig -> {
              rig.world.add(new Fault(Condition.PROBES_FAIL, Fault.ANY, "chat"));
            },
            "INTENT(REPLACE)",
            "ROLLED_BACK(PROBE_FAILED)"),
        GuardStories.failing(
            "the model is gone",
            rig -> rig.call("DeleteModel", "{'ModelName':'chat-model'}"),
            "ESCALATED(PART_MISSING)"),
        GuardStories.failing(
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
                    }),
            "ESCALATED(CHANGED_SINCE)"),
        status(
            "InService",
            RestartEndpointStories::component,
            "INTENT(COMPONENT)",
            "SUCCEEDED(COMPONENT)"),
        status(
            "InService",
            rig -> {
              component(rig);
              rig.world.add(
                  new Fault(Course.FAILED, "UpdateInferenceComponentRuntimeConfig", Fault.ANY));
              rig.world.add(new Fault(Course.FAILED, "UpdateInferenceComponent", Fault.ANY));
            },
            "INTENT(COMPONENT)",
            "FAILED(COMPONENTS_FAILED)"),
        GuardStories.failing(
            "an endpoint of inference components",
            RestartEndpointStories::part,
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        new Story(
            "an endpoint that does not exist",
            Duration.ofHours(1),
            rig -> {
              rig.mode("restart-endpoint", "auto");
              rig.remedy(
                  "restart-endpoint", "endpoint", "EndpointName", stateChange(rig, "FAILED"));
            },
            "ESCALATED(ENDPOINT_MISSING)"));
  }

  /** An endpoint that is in this state, and SageMaker says so. */
  /** Without this it could not be made again, so it is not deleted. */
  private static Story without(String part) {
    return status(
        "Failed",
        rig -> {
          approving(rig);
          rig.call(
              "CreateModel",
              "{'ModelName':'chain','ExecutionRoleArn':'arn:aws:iam::123456789012:role/teams/sagemaker','Containers':[{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/n:2@sha256:0f'},{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/o'},{'Image':'763104351884.dkr.ecr.us-east-1.amazonaws.com/theirs:1'}]}");
          rig.call(
              "CreateEndpointConfig",
              "{'EndpointConfigName':'both','ProductionVariants':[{'VariantName':'A','ModelName':'chat-model','InstanceType':'ml.m5.large','InitialInstanceCount':2},{'VariantName':'B','ModelName':'chain','InstanceType':'ml.m5.large','InitialInstanceCount':1}]}");
          good(rig, "both");
          rig.account.parts().remove("repository/theirs:1");
          rig.account.parts().remove(part);
        },
        "ESCALATED(PART_MISSING)");
  }

  private static Story status(String status, Consumer<Rig> more, String... rows) {
    return new Story(
        "endpoint " + status,
        Duration.ofHours(4),
        rig -> {
          rig.mode("restart-endpoint", "auto");
          rig.endpoint("chat", 2);
          rig.put("chat", "{'EndpointStatus':'%s'}".formatted(status));
          more.accept(rig);
          rig.remedy("restart-endpoint", "endpoint", "EndpointName", stateChange(rig, "FAILED"));
        },
        rows);
  }

  private static Story updating(String name, FaultKind course, String... rows) {
    return GuardStories.failing(
        "update: " + name, rig -> fault(rig, course, "UpdateEndpoint", 1), rows);
  }

  private static Story calling(String name, FaultKind kind, int times, String... rows) {
    return GuardStories.failing(
        "update: " + name, rig -> fault(rig, kind, "UpdateEndpoint", times), rows);
  }

  private static void fault(Rig rig, FaultKind kind, String operation, int times) {
    rig.world.add(new Fault(kind, operation, Fault.ANY).times(times));
  }

  private static void later(Rig rig, String members) {
    rig.time.after(Duration.ofMinutes(5), () -> rig.put("chat", members));
  }

  static void approving(Rig rig) {
    rig.approver = request -> GuardStories.approve(rig, request);
  }

  private static void good(Rig rig, String config) {
    rig.put("GOOD", "endpoint/chat", Map.of("configs", Map.of("L", List.of(Map.of("S", config)))));
  }

  /** It was made again by a run that ended before it had its scaling. */
  private static void owing(Rig rig) {
    String kept =
        "{'config':'chat-config','scaling':{'targets':[{'ResourceId':'endpoint/chat/variant/AllTraffic','ScalableDimension':'sagemaker:variant:DesiredInstanceCount','MinCapacity':1,'MaxCapacity':3}],'policies':[],'actions':[],'alarms':[]},'tags':[]}";
    rig.put("GOOD", "endpoint/chat", Map.of("deleted", Map.of("S", Rig.json(kept).toString())));
  }

  private static void onceDeleted(Rig rig, Runnable then) {
    boolean deleted =
        rig.world.ledger().stream().anyMatch(entry -> entry.operation().equals("DeleteEndpoint"));
    if (deleted) {
      then.run();
    } else {
      rig.time.after(Duration.ofSeconds(1), () -> onceDeleted(rig, then));
    }
  }

  private static void stopOnceDeleted(Rig rig) {
    onceDeleted(
        rig,
        () ->
            rig.all("guard").stream()
                .filter(guard -> guard.status() == ExecutionStatus.RUNNING)
                .forEach(guard ->
                    rig.account
                        .machines()
                        .stopExecution(
                            guard.executionArn(), Optional.empty(), Optional.of("by hand"))));
  }

  private static void part(Rig rig) {
    rig.call(
        "CreateInferenceComponent",
        "{'InferenceComponentName':'part','EndpointName':'chat','VariantName':'AllTraffic','Specification':{'ModelName':'chat-model','ComputeResourceRequirements':{'MinMemoryRequiredInMb':1024,'NumberOfCpuCoresRequired':1}},'RuntimeConfig':{'CopyCount':1}}");
  }

  private static void component(Rig rig) {
    part(rig);
    rig.world.put(
        dev.weir.local.sagemaker.state.Kind.INFERENCE_COMPONENT,
        "part",
        Rig.json("{'InferenceComponentStatus':'Failed'}"));
  }

  static com.fasterxml.jackson.databind.JsonNode stateChange(Rig rig, String status) {
    return Rig.json(
        "{'detail-type':'SageMaker Endpoint State Change','source':'aws.sagemaker','time':'%s','resources':[],'detail':{'EndpointName':'chat','EndpointStatus':'%s'}}"
            .formatted(rig.time.instant(), status));
  }
}
