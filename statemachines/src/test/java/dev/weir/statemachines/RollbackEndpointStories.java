package dev.weir.statemachines;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.states.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Ways back to the release before, and why there may be none. */
final class RollbackEndpointStories {
  private static final String ACTION = "rollback-endpoint";
  private static final String ALARM = "weir-rem-rollback-endpoint-errors-chat";

  private RollbackEndpointStories() {}

  static Stream<Story> all() {
    return Stream.of(ways(), refused(), failures(), troubles(), halts()).flatMap(List::stream);
  }

  private static List<Story> ways() {
    return List.of(
        alarmed("an alarm", _ -> {}).ends("SUCCEEDED(ROLLBACK)"),
        asked("a person", _ -> {}).ends("SUCCEEDED(ROLLBACK)"),
        asked(
                "after a restart",
                rig -> {
                  rig.config("chat-b-r12345678", "AllTraffic");
                  rig.time.advance(Duration.ofMinutes(1));
                  update(rig, "chat-b-r12345678");
                  rig.time.advance(Duration.ofMinutes(20));
                  good(rig, "chat-b-r12345678", "chat-b", "chat-config");
                })
            .ends("SUCCEEDED(ROLLBACK)"));
  }

  private static List<Story> refused() {
    return List.of(
        asked("nothing to go back to", rig -> good(rig, "chat-b")).refused("NO_PREVIOUS"),
        asked("what was good is gone", rig -> good(rig, "chat-b", "gone")).refused("PART_MISSING"),
        asked("its model is gone", rig -> rig.call("DeleteModel", "{'ModelName':'chat-model'}"))
            .refused("PART_MISSING"),
        asked("promoted since", rig -> route(rig, "chat-b", "ann", "2026-03-03T00:00:00.000Z"))
            .refused("PROMOTED_SINCE"),
        late("changed since", rig -> route(rig, "chat-config", "ann", "2026-03-02T08:00:00.000Z"))
            .refused("CHANGED_SINCE"),
        asked("an endpoint that goes", rig -> rig.call("DeleteEndpoint", "{'EndpointName':'chat'}"))
            .refused("ENDPOINT_DELETING"),
        asked(
                "an endpoint that is gone",
                rig -> {
                  rig.call("DeleteEndpoint", "{'EndpointName':'chat'}");
                  rig.time.advance(Duration.ofMinutes(10));
                })
            .refused("ENDPOINT_MISSING"),
        asked("a failed endpoint", rig -> rig.put("chat", "{'EndpointStatus':'Failed'}"))
            .refused("ENDPOINT_FAILED"));
  }

  private static List<Story> failures() {
    return List.of(
        alarmed("rolled back itself", rig -> fault(rig, Course.SILENT_ROLLBACK))
            .ends("FAILED(SILENT_ROLLBACK)"),
        alarmed("neither forth nor back", rig -> fault(rig, Course.ROLLBACK_FAILED))
            .ends("FAILED(ROLLBACK_FAILED)"),
        alarmed("it never ends", rig -> fault(rig, Course.STUCK)).ends("FAILED(STUCK_UPDATING)"),
        alarmed("an instance is missing", rig -> fault(rig, Course.PARTIAL_CAPACITY))
            .ends("FAILED(PARTIAL_CAPACITY)"),
        alarmed("it is slow as well", rig -> rig.answersIn.put("chat-config", 9000))
            .ends("FAILED(TOO_SLOW)"),
        alarmed(
                "it alarms as well",
                rig -> rig.world.condition("chat", "ok", Rig.json("{'errorShare':0.5}")))
            .ends("FAILED(STILL_IN_ALARM)"));
  }

  private static List<Story> troubles() {
    return List.of(
        alarmed(
                "throttled",
                rig ->
                    rig.world.add(
                        new Fault(CallFault.THROTTLED, "UpdateEndpoint", "chat").times(5)))
            .ends("SUCCEEDED(ROLLBACK)"),
        alarmed("the reply is lost", rig -> fault(rig, CallFault.LOST_REPLY))
            .ends("SUCCEEDED(ROLLBACK)"),
        alarmed("not allowed", rig -> fault(rig, CallFault.ACCESS_DENIED))
            .ends("FAILED(ACCESS_DENIED)"),
        alarmed("beyond the quota", rig -> fault(rig, CallFault.LIMIT_EXCEEDED))
            .ends("FAILED(QUOTA_EXCEEDED)"));
  }

  private static List<Story> halts() {
    return List.of(
        asked(
                "switched off",
                rig -> rig.time.after(Duration.ofMinutes(3), () -> rig.mode(ACTION, "off")))
            .ends("FAILED(SWITCHED_OFF)"),
        asked(
                "the lease goes to another",
                rig -> rig.leaseGoesToAnother(Duration.ofSeconds(175), "endpoint/chat"))
            .ends("ABANDONED(LEASE_LOST (LEASE_LOST))"),
        asked(
                "the lock cannot be read",
                rig ->
                    rig.cable.fail(
                        at("Beat"),
                        Integer.MAX_VALUE,
                        "DynamoDb.InternalServerErrorException",
                        "down"))
            .ends("ABANDONED(LOCK_UNREADABLE)"),
        asked(
                "a person is deploying",
                rig -> {
                  rig.config("chat-c", "AllTraffic");
                  rig.time.advance(Duration.ofMinutes(1));
                  update(rig, "chat-c");
                })
            .ends("ABANDONED(CHANGED)"),
        asked(
                "the endpoint is deleted",
                rig ->
                    rig.time.after(
                        Duration.ofMinutes(3),
                        () -> rig.put("chat", "{'EndpointStatus':'Deleting'}")))
            .ends("FAILED(STUCK_DELETING)"));
  }

  /** The alarm of the release goes on, once all is as told. */
  private static Story.Begun alarmed(String name, Consumer<Rig> given) {
    return begun(
        name,
        rig -> {
          given.accept(rig);
          failing(rig);
        });
  }

  /** A person asks for it. */
  private static Story.Begun asked(String name, Consumer<Rig> given) {
    return begun(
        name,
        rig -> {
          given.accept(rig);
          ask(rig, rig.time.instant().toString());
        });
  }

  /** A person asked for it, but was heard late only. */
  private static Story.Begun late(String name, Consumer<Rig> given) {
    return begun(
        name,
        rig -> {
          given.accept(rig);
          ask(rig, "2026-03-02T08:10:00Z");
        });
  }

  /** The endpoint has been on its new release for a while. */
  private static Story.Begun begun(String name, Consumer<Rig> story) {
    return new Story.Begun(
        name,
        "ROLLBACK",
        rig -> {
          released(rig);
          rig.errorsAlarm(ALARM, "chat");
          rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60}"));
          rig.time.advance(Duration.ofMinutes(10));
          story.accept(rig);
        });
  }

  /** A release and the one before it. */
  static void released(Rig rig) {
    rig.mode(ACTION, "auto");
    rig.endpoint("chat", 2);
    rig.config("chat-b", "AllTraffic");
    rig.time.advance(Duration.ofMinutes(1));
    update(rig, "chat-b");
    rig.time.advance(Duration.ofMinutes(20));
    good(rig, "chat-b", "chat-config");
    route(rig, "chat-b", "ann", rig.time.instant().toString());
  }

  private static void ask(Rig rig, String time) {
    ObjectNode event = Rig.json("{'source':'weir.operator','detail-type':'Rollback Requested'}");
    event.put("time", time).putObject("detail").put("target", "chat");
    rig.remedy(ACTION, "endpoint", "EndpointName", event);
  }

  private static void good(Rig rig, String... configs) {
    List<Map<String, String>> list = Stream.of(configs).map(config -> Map.of("S", config)).toList();
    rig.put("GOOD", "endpoint/chat", Map.of("configs", Map.of("L", list)));
  }

  private static void route(Rig rig, String config, String by, String at) {
    rig.put(
        "ROUTE",
        "endpoint/chat",
        Map.of(
            "config", Map.of("S", config),
            "promotedBy", Map.of("S", by),
            "at", Map.of("S", at)));
  }

  private static void update(Rig rig, String config) {
    rig.call(
        "UpdateEndpoint", "{'EndpointName':'chat','EndpointConfigName':'%s'}".formatted(config));
  }

  private static void failing(Rig rig) {
    rig.world.condition("chat", "failing", Rig.json("{}"));
  }

  private static void fault(Rig rig, FaultKind kind) {
    rig.world.add(new Fault(kind, "UpdateEndpoint", "chat").times(1));
  }

  private static Predicate<Tasks.Call> at(String state) {
    return call ->
        call.state().equals(state) && call.executionArn().contains(":weir-act-" + ACTION + ":");
  }
}
