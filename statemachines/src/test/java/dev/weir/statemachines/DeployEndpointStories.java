package dev.weir.statemachines;

import static dev.weir.statemachines.Releases.ALARM;
import static dev.weir.statemachines.Releases.PACKAGE;
import static dev.weir.statemachines.Releases.approve;
import static dev.weir.statemachines.Releases.at;
import static dev.weir.statemachines.Releases.begin;
import static dev.weir.statemachines.Releases.clones;
import static dev.weir.statemachines.Releases.deploy;
import static dev.weir.statemachines.Releases.failing;
import static dev.weir.statemachines.Releases.load;
import static dev.weir.statemachines.Releases.offered;
import static dev.weir.statemachines.Releases.release;
import static dev.weir.statemachines.Releases.update;

import dev.weir.local.sagemaker.state.Kind;
import dev.weir.local.sagemaker.wire.Service;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Releases, good and bad ones, and those that are not begun. */
final class DeployEndpointStories {
  private DeployEndpointStories() {}

  static Stream<Story> all() {
    return Stream.of(
            ways(),
            refusedRequests(),
            refusedTargets(),
            DeployEndpointFaults.badReleases(),
            DeployEndpointFaults.troubles(),
            DeployEndpointFaults.halts())
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
        deploy("a bake of one minute", "{'bakeMinutes':1}", _ -> {}).ends("SUCCEEDED(CANARY)"),
        deploy(
                "traffic comes late",
                "{'bakeMinutes':20}",
                rig -> {
                  load(rig, 0);
                  rig.time.after(Duration.ofMinutes(38), () -> load(rig, 60));
                })
            .ends("SUCCEEDED(CANARY)"),
        release("an approved model, and old clones go", Releases::clones).ends("SUCCEEDED(CANARY)"),
        release(
                "a model trained for a drift",
                rig ->
                    rig.world.put(
                        Kind.MODEL_PACKAGE,
                        "chat/1",
                        Rig.json("{'CustomerMetadataProperties':{'weir.snapshot':'s'}}")))
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
        deploy("no endpoint", "{'target':'chat-other'}", _ -> {}).refused("ENDPOINT_MISSING"),
        deploy(
                "an endpoint that failed",
                "{}",
                rig -> rig.put("chat", "{'EndpointStatus':'Failed'}"))
            .refused("ENDPOINT_FAILED"),
        deploy(
                "a package that is not approved",
                "{'config':'','modelPackageArn':'" + PACKAGE + "'}",
                Releases::offered)
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
}
