package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One incident of one endpoint, drawn from a seed, told once or often, undisturbed or not. */
final class Incident {
  private static final Duration TIME = Duration.ofHours(2);

  private final long seed;
  private final List<Machines.Machine> machines;

  Incident(long seed, List<Machines.Machine> machines) {
    this.seed = seed;
    this.machines = machines;
  }

  /** What is left in the end if nothing disturbs it. */
  String once() {
    return play(TIME, _ -> {});
  }

  /** What is left if every event comes ten times, at any time within five minutes. */
  String toldTenTimes() {
    return play(
        TIME,
        rig -> {
          Random random = Storm.random(seed);
          rig.mail =
              event -> {
                for (int i = 0; i < 10; i++) {
                  rig.time.after(
                      Duration.ofMillis(i == 0 ? 100 : random.nextInt(300_000)),
                      () -> rig.publish(event));
                }
              };
        });
  }

  /** What is left if guard or act is killed at any moment, and told of again two hours later. */
  String killed() {
    Random random = Storm.random(seed);
    boolean guard = random.nextBoolean();
    Duration moment = Duration.ofMillis(random.nextInt(900_000));
    return play(
        TIME.multipliedBy(2),
        rig -> {
          rig.time.after(moment, () -> kill(rig, guard ? rig.all("guard") : rig.actions()));
          rig.time.after(TIME, () -> ask(rig));
        });
  }

  private static void kill(Rig rig, List<ExecutionDescription> which) {
    which.stream()
        .filter(execution -> execution.status() == ExecutionStatus.RUNNING)
        .forEach(execution ->
            rig.account
                .machines()
                .stopExecution(execution.executionArn(), Optional.empty(), Optional.empty()));
  }

  private String play(Duration time, Consumer<Rig> disturbance) {
    Rig rig = new Rig(seed, (_, _) -> {}, machines);
    Stream.of("restart-endpoint", "scale-out", "deploy-endpoint")
        .forEach(action -> rig.mode(action, "auto"));
    rig.approver = request -> GuardStories.approve(rig, request);
    QueuedEndpoint endpoint = QueuedEndpoint.created(rig).bounds(2, 6);
    rig.errorsAlarm("chat");
    rig.errorsAlarm("weir-errors-chat", "chat");
    rig.config("chat-b", "AllTraffic");
    endpoint.remediationAlarm();
    rig.world.condition("chat", "ok", Rig.json("{'invocationsPerMinute':60}"));
    rig.reconcileEvery(Duration.ofMinutes(5));
    disturbance.accept(rig);
    begin(rig, endpoint);
    rig.time.advance(time);
    return left(rig, endpoint);
  }

  private void begin(Rig rig, QueuedEndpoint endpoint) {
    switch ((int) (seed % 4)) {
      case 0 -> rig.world.condition("chat", "failing", Rig.json("{}"));
      case 1 -> rig.put("chat", "{'EndpointStatus':'Failed'}");
      case 2 -> endpoint.queue(150, 20);
      default -> ask(rig);
    }
  }

  /** Somebody asks for it; and again, where nothing asks by itself. */
  private void ask(Rig rig) {
    if (seed % 4 == 1) {
      rig.remedy(
          "restart-endpoint",
          "endpoint",
          "EndpointName",
          event(rig, "{'EndpointName':'chat','EndpointStatus':'FAILED'}"));
    } else if (seed % 4 == 3) {
      rig.remedy(
          "deploy-endpoint",
          "endpoint",
          "target",
          event(
              rig,
              "{'target':'chat','config':'chat-b','waitSeconds':0,'terminationSeconds':0,'bakeMinutes':3}"));
    }
  }

  private static ObjectNode event(Rig rig, String detail) {
    ObjectNode event = Rig.json("{'source':'weir.operator','detail-type':'Requested'}");
    event.put("time", rig.time.instant().toString()).set("detail", Rig.json(detail));
    return event;
  }

  /** The endpoint, its configuration but for the copy's mark, its instances, bounds and lock. */
  private static String left(Rig rig, QueuedEndpoint endpoint) {
    List<String> targets =
        rig.call(
                Service.AUTO_SCALING, "DescribeScalableTargets", "{'ServiceNamespace':'sagemaker'}")
            .path("ScalableTargets")
            .findValuesAsText("MinCapacity");
    return "%s, minimum %s, %s, %s"
        .formatted(
            serving(rig, endpoint),
            targets,
            endpoint.owes() ? "owing" : "owing nothing",
            endpoint.lock().has("owner") ? "held" : "free");
  }

  private static String serving(Rig rig, QueuedEndpoint endpoint) {
    try {
      JsonNode chat = rig.call("DescribeEndpoint", "{'EndpointName':'chat'}");
      return "%s %s, %d instances"
          .formatted(
              chat.path("EndpointStatus").asText(),
              chat.path("EndpointConfigName").asText().replaceAll("-r[0-9a-f]{8}$", ""),
              endpoint.instances());
    } catch (ApiError e) {
      return "no endpoint";
    }
  }
}
