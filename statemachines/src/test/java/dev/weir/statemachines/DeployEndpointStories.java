package dev.weir.statemachines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.local.sagemaker.wire.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Releases, good and bad, and what can go wrong on their way. */
final class DeployEndpointStories {
  static final String ACTION = "deploy-endpoint";
  static final String ALARM = "weir-errors-chat";
  private static final String PACKAGE =
      "arn:aws:sagemaker:us-east-1:123456789012:model-package/chat/1";

  private DeployEndpointStories() {}

  static Stream<Story> all() {
    return Stream.of(
            ways(), refusedRequests(), refusedTargets(), badReleases(), troubles(), halts())
        .flatMap(List::stream);
  }

  /** The ways a release may take. */
  static List<Story> ways() {
    return List.of(
        deploy(
                "a canary",
                "{'waitSeconds':300,'terminationSeconds':300,'promotedBy':'ann'}",
                _ -> {})
            .ends("SUCCEEDED(CANARY)"),
        deploy("in steps", "{'style':'LINEAR','size':20}", _ -> {}).ends("SUCCEEDED(LINEAR)"),
        deploy("rolling", "{'style':'ROLLING'}", _ -> {}).ends("SUCCEEDED(ROLLING)"),
        deploy("at once", "{'style':'ALL_AT_ONCE','alarms':['weir-errors-chat']}", _ -> {})
            .ends("SUCCEEDED(ALL_AT_ONCE)"),
        deploy(
                "several variants know no rolling",
                "{'style':'ROLLING','config':'chat-c'}",
                rig -> {
                  rig.config("chat-two", "a", "b");
                  rig.time.advance(Duration.ofMinutes(1));
                  update(rig, "chat-two");
                  rig.time.advance(Duration.ofMinutes(20));
                  rig.config("chat-c", "b", "a");
                })
            .ends("SUCCEEDED(CANARY)"),
        deploy(
                "other variants know no guardrails",
                "{'config':'chat-c'}",
                rig -> rig.config("chat-c", "Other"))
            .ends("SUCCEEDED(PLAIN)"),
        deploy(
                "one instance cannot be replaced in parts",
                "{}",
                rig ->
                    rig.call(
                        "UpdateEndpointWeightsAndCapacities",
                        "{'EndpointName':'chat','DesiredWeightsAndCapacities':[{'VariantName':'AllTraffic','DesiredInstanceCount':1}]}"))
            .ends("SUCCEEDED(ALL_AT_ONCE)"),
        deploy(
                "traffic comes late",
                "{}",
                rig -> {
                  load(rig, 0);
                  rig.time.after(Duration.ofMinutes(13), () -> load(rig, 60));
                })
            .ends("SUCCEEDED(CANARY)"),
        release("an approved model, and old clones go", DeployEndpointStories::clones)
            .ends("SUCCEEDED(CANARY)"),
        release(
                "old clones among more endpoints than can be looked at",
                rig -> {
                  clones(rig);
                  for (int i = 0; i < 100; i++) {
                    rig.put("many-" + i, "{'EndpointStatus':'InService'}");
                  }
                })
            .ends("SUCCEEDED(CANARY)"),
        release(
                "the replies to all that is made are lost",
                rig -> {
                  clones(rig);
                  rig.cable.lose(at("MakeModel"), 1);
                  rig.cable.lose(at("MakeConfig"), 1);
                  rig.cable.lose(at("Update"), 1);
                })
            .ends("SUCCEEDED(CANARY)"));
  }

  /** Requests that are not followed. */
  static List<Story> refusedRequests() {
    return List.of(
        deploy("a canary of more than half", "{'size':60}", _ -> {}).refused("BAD_REQUEST"),
        deploy("steps of less than a tenth", "{'style':'LINEAR','size':9}", _ -> {})
            .refused("BAD_REQUEST"),
        deploy("an unknown style", "{'style':'BIG_BANG'}", _ -> {}).refused("BAD_REQUEST"),
        deploy("a size in words", "{'size':'half'}", _ -> {}).refused("BAD_REQUEST"),
        deploy("a style in numbers", "{'style':7}", _ -> {}).refused("BAD_REQUEST"),
        deploy("an endless bake", "{'bakeMinutes':61}", _ -> {}).refused("BAD_REQUEST"),
        deploy("nothing to deploy", "{'config':''}", _ -> {}).refused("BAD_REQUEST"),
        deploy("two things to deploy", "{'modelPackageArn':'" + PACKAGE + "'}", _ -> {})
            .refused("BAD_REQUEST"),
        deploy(
                "too many alarms",
                "{'alarms':['1','2','3','4','5','6','7','8','9','10','11']}",
                _ -> {})
            .refused("BAD_REQUEST"),
        deploy("an alarm that is not there", "{'alarms':['weir-errors-chat','no-such']}", _ -> {})
            .refused("ALARM_MISSING"),
        deploy(
                "no alarm at all",
                "{}",
                rig ->
                    rig.call(
                        Service.CLOUDWATCH, "DeleteAlarms", "{'AlarmNames':['" + ALARM + "']}"))
            .refused("NO_ALARMS"),
        deploy(
                "an alarm that is on",
                "{}",
                rig -> {
                  failing(rig);
                  rig.time.advance(Duration.ofMinutes(4));
                })
            .refused("ALREADY_IN_ALARM"),
        deploy("a configuration that is not there", "{'config':'no-such'}", _ -> {})
            .refused("PART_MISSING"),
        deploy("what runs already", "{'config':'chat-config'}", _ -> {})
            .instead("SUPPRESSED(ALREADY_DEPLOYED)"));
  }

  /** Endpoints and models that are not fit for it. */
  static List<Story> refusedTargets() {
    return List.of(
        deploy("no endpoint", "{'target':'other'}", _ -> {}).refused("ENDPOINT_MISSING"),
        deploy(
                "an endpoint that failed",
                "{}",
                rig -> rig.put("chat", "{'EndpointStatus':'Failed'}"))
            .refused("ENDPOINT_FAILED"),
        deploy(
                "a package that is not approved",
                "{'config':'','modelPackageArn':'" + PACKAGE + "'}",
                DeployEndpointStories::offered)
            .refused("NOT_APPROVED"),
        release(
                "a model for several variants",
                rig -> {
                  rig.config("chat-two", "a", "b");
                  rig.time.advance(Duration.ofMinutes(1));
                  update(rig, "chat-two");
                  rig.time.advance(Duration.ofMinutes(20));
                })
            .refused("NOT_ONE_MODEL"),
        new Story(
            "a model approved twice",
            rig -> {
              begin(rig);
              offered(rig);
              approve(rig);
              rig.time.after(Duration.ofHours(2), () -> approve(rig));
            },
            List.of("INTENT(DEPLOY)", "SUCCEEDED(CANARY)", "SUPPRESSED(ALREADY_DEPLOYED)")));
  }

  /** Releases that are not better than what ran. */
  static List<Story> badReleases() {
    return List.of(
        deploy(
                "silently rolled back",
                "{}",
                rig -> fault(rig, Course.SILENT_ROLLBACK, "UpdateEndpoint"))
            .ends("ROLLED_BACK(SILENT_ROLLBACK)"),
        deploy(
                "rolled back in a bad way",
                "{}",
                rig -> fault(rig, Course.ROLLBACK_FAILED, "UpdateEndpoint"))
            .ends("FAILED(ROLLBACK_FAILED)"),
        deploy("it never ends", "{}", rig -> fault(rig, Course.STUCK, "UpdateEndpoint"))
            .ends("FAILED(STUCK_UPDATING)"),
        deploy(
                "an instance is missing",
                "{}",
                rig -> fault(rig, Course.PARTIAL_CAPACITY, "UpdateEndpoint"))
            .ends("ROLLED_BACK(PARTIAL_CAPACITY)"),
        deploy("it answers too slowly", "{}", rig -> rig.answersIn.put("chat-b", 9000))
            .ends("ROLLED_BACK(TOO_SLOW)"),
        deploy(
                "it does not answer",
                "{}",
                rig -> rig.cable.fail(at("Warm"), 5, "Some.Error", "out of order"))
            .ends("ROLLED_BACK(PROBE_FAILED)"),
        deploy(
                "neither answers",
                "{}",
                rig -> {
                  rig.answersIn.put("chat-b", 9000);
                  rig.answersIn.put("chat-config", 9000);
                })
            .ends("FAILED(UNDO_FAILED)"),
        deploy(
                "alarms come in the bake",
                "{'bakeMinutes':30}",
                rig -> rig.time.after(Duration.ofMinutes(20), () -> failing(rig)))
            .ends("ROLLED_BACK(ALARM_IN_BAKE)"),
        deploy(
                "the undoing is rolled back",
                "{'bakeMinutes':30}",
                rig ->
                    rig.time.after(
                        Duration.ofMinutes(20),
                        () -> {
                          fault(rig, Course.SILENT_ROLLBACK, "UpdateEndpoint");
                          failing(rig);
                        }))
            .ends("FAILED(UNDO_FAILED)"),
        deploy("nobody asks it", "{}", rig -> load(rig, 0)).ends("FAILED(BAKE_UNPROVEN)"),
        deploy(
                "its alarm goes",
                "{'bakeMinutes':30}",
                rig ->
                    rig.time.after(
                        Duration.ofMinutes(20),
                        () ->
                            rig.call(
                                Service.CLOUDWATCH,
                                "DeleteAlarms",
                                "{'AlarmNames':['" + ALARM + "']}")))
            .ends("FAILED(BAKE_UNPROVEN)"));
  }

  /** Calls that fail. */
  static List<Story> troubles() {
    return List.of(
        release(
                "throttled five times",
                rig -> {
                  rig.world.add(new Fault(CallFault.THROTTLED, "UpdateEndpoint", "chat").times(5));
                  rig.world.add(
                      new Fault(CallFault.THROTTLED, "CreateEndpointConfig", "*").times(5));
                })
            .ends("SUCCEEDED(CANARY)"),
        deploy("not allowed", "{}", rig -> fault(rig, CallFault.ACCESS_DENIED, "UpdateEndpoint"))
            .ends("FAILED(ACCESS_DENIED)"),
        deploy(
                "beyond the quota",
                "{}",
                rig -> fault(rig, CallFault.LIMIT_EXCEEDED, "UpdateEndpoint"))
            .ends("FAILED(QUOTA_EXCEEDED)"),
        deploy(
                "the request is lost",
                "{}",
                rig -> fault(rig, CallFault.LOST_REQUEST, "UpdateEndpoint"))
            .ends("SUCCEEDED(CANARY)"),
        release("the model's name is taken", rig -> rig.model(clone(rig)))
            .ends("FAILED(NAME_TAKEN)"),
        release("the configuration's name is taken", rig -> rig.config(clone(rig), "AllTraffic"))
            .ends("FAILED(NAME_TAKEN)"));
  }

  /** Those who may stop it do. */
  static List<Story> halts() {
    return List.of(
        deploy(
                "switched off",
                "{}",
                rig -> rig.time.after(Duration.ofMinutes(3), () -> rig.mode(ACTION, "off")))
            .ends("FAILED(SWITCHED_OFF)"),
        deploy(
                "the lease goes to another",
                "{}",
                rig ->
                    rig.time.after(
                        Duration.ofSeconds(175),
                        () ->
                            rig.put(
                                "LOCK",
                                "endpoint/chat",
                                Map.of(
                                    "owner", Map.of("S", "another"), "fence", Map.of("N", "99")))))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"),
        deploy(
                "the lock cannot be read",
                "{}",
                rig ->
                    rig.cable.fail(
                        at("Beat"),
                        Integer.MAX_VALUE,
                        "DynamoDb.InternalServerErrorException",
                        "down"))
            .ends("ABANDONED(LOCK_UNREADABLE)"),
        deploy(
                "a person deploys in the bake",
                "{'bakeMinutes':30}",
                rig -> {
                  rig.config("chat-c", "AllTraffic");
                  rig.time.advance(Duration.ofMinutes(1));
                  rig.time.after(Duration.ofMinutes(20), () -> update(rig, "chat-c"));
                })
            .ends("ABANDONED(CHANGED)"),
        deploy(
                "a person is deploying",
                "{}",
                rig -> {
                  rig.config("chat-c", "AllTraffic");
                  rig.time.advance(Duration.ofMinutes(1));
                  update(rig, "chat-c");
                })
            .ends("ABANDONED(CHANGED)"),
        deploy(
                "the endpoint is deleted",
                "{'bakeMinutes':30}",
                rig ->
                    rig.time.after(
                        Duration.ofMinutes(20),
                        () -> rig.call("DeleteEndpoint", "{'EndpointName':'chat'}")))
            .ends("FAILED(ENDPOINT_MISSING)"));
  }

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

  private static void begin(Rig rig) {
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

  private static void offered(Rig rig) {
    rig.call("CreateModelPackageGroup", "{'ModelPackageGroupName':'chat'}");
    rig.call(
        "CreateModelPackage",
        "{'ModelPackageGroupName':'chat','InferenceSpecification':{'Containers':[{'Image':'123456789012.dkr.ecr.us-east-1.amazonaws.com/m:2'}]}}");
  }

  private static void approve(Rig rig) {
    rig.call(
        "UpdateModelPackage",
        "{'ModelPackageArn':'%s','ModelApprovalStatus':'Approved'}".formatted(PACKAGE));
  }

  /** Clones made two days ago: of no use, in use, good for another endpoint, and a person's. */
  private static void clones(Rig rig) {
    for (String name : List.of("d00000001", "r00000002", "d00000003", "d00000004", "by-hand")) {
      rig.config("chat-config-" + name, "AllTraffic");
    }
    rig.time.advance(Duration.ofMinutes(1));
    rig.call("CreateEndpoint", "{'EndpointName':'b','EndpointConfigName':'chat-config-d00000003'}");
    rig.put(
        "GOOD",
        "endpoint/gone",
        Map.of("configs", Map.of("L", List.of(Map.of("S", "chat-config-d00000004")))));
    rig.time.advance(Duration.ofDays(2));
  }

  /** The name that a release approved now gets. */
  private static String clone(Rig rig) {
    String incident = rig.time.instant() + "-deploy-endpoint-endpoint/chat";
    return "chat-config-d" + hash(hash(incident).substring(0, 32) + "1").substring(0, 8);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void fault(Rig rig, FaultKind kind, String operation) {
    rig.world.add(new Fault(kind, operation, "chat").times(1));
  }

  private static void load(Rig rig, int perMinute) {
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':%d}".formatted(perMinute)));
  }

  private static void failing(Rig rig) {
    rig.world.condition("chat", "failing", Rig.json("{}"));
  }

  private static void update(Rig rig, String config) {
    rig.call(
        "UpdateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'%s'}".formatted(config));
  }

  /** Calls of a state of this action's machine. */
  static Predicate<dev.weir.states.Tasks.Call> at(String state) {
    return call ->
        call.state().equals(state) && call.executionArn().contains(":weir-act-" + ACTION + ":");
  }
}
