package dev.weir.statemachines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An endpoint that serves, releases for it, and those who ask for them. */
final class Releases {
  static final String ACTION = "deploy-endpoint";
  static final String ALARM = "weir-errors-chat";
  static final String PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/chat/1";

  private Releases() {}

  /** Somebody asks for a configuration, once all is as told. */
  static Story.Begun deploy(String name, String detail, Consumer<Rig> given) {
    return new Story.Begun(
        name,
        "DEPLOY",
        rig -> {
          begin(rig);
          given.accept(rig);
          ask(rig, detail);
        });
  }

  /** Somebody approves a model. */
  static Story.Begun release(String name, Consumer<Rig> given) {
    return new Story.Begun(
        name,
        "DEPLOY",
        rig -> {
          begin(rig);
          offered(rig);
          given.accept(rig);
          approve(rig);
        });
  }

  static void begin(Rig rig) {
    rig.mode(ACTION, "auto");
    rig.endpoint("chat", 2);
    rig.call(
        "AddTags",
        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/chat-config','Tags':[{'Key':'Owner','Value':'ann'}]}");
    rig.config("chat-b", "AllTraffic");
    rig.errorsAlarm(ALARM, "chat");
    load(rig, 60);
    rig.time.advance(Duration.ofMinutes(10));
  }

  private static void ask(Rig rig, String detail) {
    ObjectNode wanted =
        Rig.json("{'target':'chat','config':'chat-b','waitSeconds':0,'terminationSeconds':0}");
    wanted.setAll(Rig.json(detail));
    ObjectNode event = Rig.json("{'source':'weir.operator','detail-type':'Deployment Requested'}");
    event.put("time", rig.time.instant().toString()).set("detail", wanted);
    rig.remedy(ACTION, "endpoint", "EndpointName", event);
  }

  static void offered(Rig rig) {
    rig.call("CreateModelPackageGroup", "{'ModelPackageGroupName':'chat'}");
    rig.call(
        "CreateModelPackage",
        "{'ModelPackageGroupName':'chat','InferenceSpecification':{'Containers':[{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:2'}]}}");
  }

  static void approve(Rig rig) {
    rig.call(
        "UpdateModelPackage",
        "{'ModelPackageArn':'%s','ModelApprovalStatus':'Approved'}".formatted(PACKAGE));
  }

  /** Clones made two days ago: of no use, in use, good for another endpoint, and a person's. */
  static void clones(Rig rig) {
    for (String name :
        List.of("da0000001", "ra0000002", "da0000003", "da0000004", "d20261101", "by-hand")) {
      rig.config("chat-config-" + name, "AllTraffic");
    }
    rig.time.advance(Duration.ofMinutes(1));
    rig.call("CreateEndpoint", "{'EndpointName':'b','EndpointConfigName':'chat-config-da0000003'}");
    rig.put(
        "GOOD",
        "endpoint/gone",
        Map.of("configs", Map.of("L", List.of(Map.of("S", "chat-config-da0000004")))));
    for (int i = 0; i < 3; i++) {
      rig.put(
          "GOOD",
          "endpoint/other-" + i,
          Map.of("configs", Map.of("L", List.of(Map.of("S", "other-config")))));
    }
    rig.time.advance(Duration.ofDays(2));
  }

  static void load(Rig rig, int perMinute) {
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':%d}".formatted(perMinute)));
  }

  static void failing(Rig rig) {
    rig.world.condition("chat", "failing", Rig.json("{}"));
  }

  static void update(Rig rig, String config) {
    rig.call(
        "UpdateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'%s'}".formatted(config));
  }

  /** Calls of a state of this action's machine. */
  static Predicate<dev.weir.states.Tasks.Call> at(String state) {
    return call ->
        call.state().equals(state) && call.executionArn().contains(":weir-act-" + ACTION + ":");
  }
}
