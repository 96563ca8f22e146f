package dev.weir.statemachines;

import static dev.weir.statemachines.Releases.ACTION;
import static dev.weir.statemachines.Releases.ALARM;
import static dev.weir.statemachines.Releases.at;
import static dev.weir.statemachines.Releases.deploy;
import static dev.weir.statemachines.Releases.failing;
import static dev.weir.statemachines.Releases.load;
import static dev.weir.statemachines.Releases.release;
import static dev.weir.statemachines.Releases.update;

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

/** What can go wrong with a release on its way. */
final class DeployEndpointFaults {
  private DeployEndpointFaults() {}

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
                "it is asked before the bake only",
                "{'bakeMinutes':1}",
                rig -> rig.time.after(Duration.ofMinutes(6), () -> load(rig, 0)))
            .ends("FAILED(BAKE_UNPROVEN)"),
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
                rig -> rig.leaseGoesToAnother(Duration.ofSeconds(175), "endpoint/chat"))
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
}
