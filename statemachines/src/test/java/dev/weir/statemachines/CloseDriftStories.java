package dev.weir.statemachines;

import dev.weir.states.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Deployments, of which some end a drift. */
final class CloseDriftStories {
  private static final Duration DAY = Duration.ofHours(24);
  private static final String TRAINED =
      "{'weir.snapshot':'as-they-were','weir.variant':'AllTraffic'}";
  private static final String PACKAGE =
      "arn:aws:sagemaker:us-east-1:123456789012:model-package/chat/1";

  private CloseDriftStories() {}

  static Stream<Story> all() {
    return Stream.concat(ends().stream(), refused().stream());
  }

  private static Story deployed(String name, Consumer<DriftingEndpoint> given, String end) {
    return new Story(name, DAY, rig -> tell(rig, TRAINED, given), "INTENT(CLOSE)", end);
  }

  private static Story refused(
      String name, String by, Consumer<DriftingEndpoint> given, String end) {
    return new Story(name, DAY, rig -> tell(rig, by, given), end);
  }

  private static void tell(Rig rig, String by, Consumer<DriftingEndpoint> given) {
    DriftingEndpoint endpoint = new DriftingEndpoint(rig);
    endpoint.serves(by);
    endpoint.outcome = "OK";
    given.accept(endpoint);
    endpoint.deployed();
  }

  static List<Story> ends() {
    return List.of(
        deployed("the drift is over", _ -> {}, "SUCCEEDED(DRIFT_CLOSED)"),
        deployed(
            "drift persists after retrain", it -> it.outcome = "DRIFT", "FAILED(DRIFT_PERSISTS)"),
        deployed(
            "a quiet window, then one without drift",
            it -> {
              it.outcome = "NO_DATA";
              it.rig.time.after(Duration.ofHours(11), () -> it.outcome = "OK");
            },
            "SUCCEEDED(DRIFT_CLOSED)"),
        deployed("two quiet windows", it -> it.outcome = "NO_DATA", "FAILED(DATA_NO_DATA)"),
        deployed(
            "the schema breaks meanwhile",
            it -> it.outcome = "SCHEMA_BROKEN",
            "FAILED(DATA_SCHEMA_BROKEN)"),
        deployed("other training data", it -> it.data = "others", "FAILED(DATA_CHANGED)"),
        deployed(
            "switched off while it waits",
            it -> it.rig.time.after(Duration.ofHours(1), () -> it.rig.mode("close-drift", "off")),
            "FAILED(SWITCHED_OFF)"),
        deployed(
            "the lock cannot be read",
            it ->
                it.rig.cable.fail(
                    at("Beat"), Integer.MAX_VALUE, "DynamoDb.InternalServerErrorException", "down"),
            "ABANDONED(LOCK_UNREADABLE)"),
        deployed(
            "the lease goes to another",
            it ->
                it.rig.leaseGoesToAnother(Duration.ofSeconds(11), DriftingEndpoint.GROUP + "/chat"),
            "ABANDONED(LEASE_LOST (LEASE_LOST))"),
        new Story(
            "nobody heard of the deployment",
            DAY,
            CloseDriftStories::unheard,
            "INTENT(CLOSE)",
            "SUCCEEDED(DRIFT_CLOSED)"));
  }

  /** It serves, and so do models of others whose drifts are closed. */
  private static void unheard(Rig rig) {
    DriftingEndpoint endpoint = new DriftingEndpoint(rig);
    endpoint.serves(TRAINED);
    endpoint.outcome = "OK";
    Map<String, String> at =
        Map.of("N", Long.toString(rig.time.instant().minusSeconds(1000).getEpochSecond()));
    rig.put("RETRAIN", "endpoint/chat", Map.of("deployed", Map.of("S", PACKAGE), "deployedAt", at));
    for (int i = 0; i < 4; i++) {
      Map<String, String> other = Map.of("S", "other-" + i);
      rig.put(
          "RETRAIN",
          "endpoint/other-" + i,
          Map.of("deployed", other, "deployedAt", at, "closed", other));
    }
    rig.reconcileEvery(Duration.ofMinutes(5));
  }

  static List<Story> refused() {
    return List.of(
        new Story(
            "a release of people",
            rig -> {
              DriftingEndpoint endpoint = new DriftingEndpoint(rig);
              endpoint.deployed();
            },
            List.of("SUPPRESSED(NOT_RETRAINED)")),
        refused("a package of people", "", _ -> {}, "SUPPRESSED(NOT_RETRAINED)"),
        refused(
            "deployed twice",
            TRAINED,
            it -> it.rig.put("RETRAIN", "endpoint/chat", Map.of("closed", Map.of("S", PACKAGE))),
            "SUPPRESSED(ALREADY_JUDGED)"),
        refused(
            "no recipe any more",
            TRAINED,
            it -> it.rig.put("RECIPE", "endpoint/chat", Map.of("other", Map.of("S", "x"))),
            "ESCALATED(NO_RECIPE)"),
        refused("a recipe of nothing", TRAINED, it -> it.text("{}"), "ESCALATED(NO_RECIPE)"),
        refused("a recipe that is no JSON", TRAINED, it -> it.text("x"), "ESCALATED(NO_RECIPE)"),
        refused(
            "the endpoint is gone",
            TRAINED,
            it -> {
              it.rig.call("DeleteEndpoint", "{'EndpointName':'chat'}");
              it.rig.time.advance(Duration.ofMinutes(5));
            },
            "ESCALATED(PART_MISSING)"));
  }

  private static Predicate<Tasks.Call> at(String state) {
    return call ->
        call.state().equals(state) && call.executionArn().contains(":weir-act-close-drift:");
  }
}
