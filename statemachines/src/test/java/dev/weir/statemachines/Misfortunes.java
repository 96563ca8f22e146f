package dev.weir.statemachines;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Condition;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What befalls the account while a storm rages. */
final class Misfortunes {
  private static final List<String> MODES =
      List.of("off", "dry-run", "approve", "auto", "auto", "no such mode");
  private static final List<FaultKind> FAULTS =
      List.of(
          Course.SILENT_ROLLBACK,
          Course.ROLLBACK_FAILED,
          Course.NO_CAPACITY,
          Course.PARTIAL_CAPACITY,
          Course.STUCK,
          CallFault.THROTTLED,
          CallFault.LOST_REPLY,
          CallFault.LOST_REQUEST,
          CallFault.INTERNAL,
          CallFault.ACCESS_DENIED,
          CallFault.LIMIT_EXCEEDED,
          Condition.PROBES_FAIL,
          Condition.METRICS_MISSING);

  private final Storm storm;
  private final Rig rig;
  private final Random random;
  private final List<Runnable> kinds =
      List.of(
          this::failing,
          this::failing,
          this::broken,
          this::well,
          this::queue,
          this::fault,
          this::fault,
          this::stop,
          this::lapse,
          this::mode,
          this::limit,
          this::freeze,
          this::alarmAgain,
          this::deploy,
          this::rollback,
          this::park,
          this::spare,
          this::change,
          this::forget);

  Misfortunes(Storm storm, Random random) {
    this.storm = storm;
    this.random = random;
    rig = storm.rig;
  }

  static String drawn(Random random) {
    return MODES.get(random.nextInt(MODES.size()));
  }

  void begin() {
    rig.cable.rough(storm.calm, random.nextDouble() * 0.1, random.nextDouble() * 0.05);
    rig.mail = this::carry;
    rig.approver = this::ask;
    rig.time.after(within(10), this::failing);
    for (int i = 3 + random.nextInt(10); i > 0; i--) {
      rig.time.after(within(39), kinds.get(random.nextInt(kinds.size())));
    }
  }

  /** Events get lost, come late, in another order, and again. */
  private void carry(JsonNode event) {
    int copies = random.nextInt(12) == 0 ? 0 : random.nextInt(5) == 0 ? 2 + random.nextInt(9) : 1;
    for (int i = 0; i < copies; i++) {
      Duration late = random.nextInt(3) == 0 ? within(2) : Duration.ofMillis(random.nextInt(900));
      rig.time.after(late, () -> rig.publish(event));
    }
  }

  /** Who is asked agrees, refuses, does not answer, or does too late. */
  private void ask(JsonNode request) {
    int answer = random.nextInt(10);
    if (answer < 6) {
      rig.time.after(
          answer == 0 ? Duration.ofMinutes(70) : within(20),
          () -> Storm.attempt(() -> GuardStories.approve(rig, request)));
    } else if (answer < 8) {
      rig.time.after(
          within(20),
          () ->
              Storm.attempt(() ->
                  rig.account
                      .machines()
                      .sendTaskFailure(
                          request.path("token").asText(),
                          Optional.of("Remediation.Denied"),
                          Optional.of("no"))));
    }
  }

  void failing() {
    condition("failing", "{'invocationsPerMinute':60}");
  }

  private void well() {
    condition("ok", "{'backlog':0,'queuedPerMinute':0}");
  }

  void queue() {
    condition("ok", "{'backlog':200,'queuedPerMinute':20}");
  }

  private void condition(String health, String load) {
    Storm.attempt(() -> rig.world.condition(any(), health, Rig.json(load)));
  }

  void broken() {
    String status =
        List.of("Failed", "Failed", "OutOfService", "SystemUpdating").get(random.nextInt(4));
    rig.put(any(), "{'EndpointStatus':'%s'}".formatted(status));
  }

  private void fault() {
    FaultKind kind = FAULTS.get(random.nextInt(FAULTS.size()));
    Fault fault = new Fault(kind, Fault.ANY, Fault.ANY).until(storm.calm);
    rig.world.add(
        kind instanceof Condition ? fault : fault.times(1 + random.nextInt(3)).share(0.5));
  }

  /** Somebody stops an execution. */
  void stop() {
    List<ExecutionDescription> running =
        Stream.of(rig.all("guard"), rig.actions(), rig.all("clean"))
            .flatMap(List::stream)
            .filter(execution -> execution.status() == ExecutionStatus.RUNNING)
            .toList();
    if (!running.isEmpty()) {
      String arn = running.get(random.nextInt(running.size())).executionArn();
      rig.account.machines().stopExecution(arn, Optional.empty(), Optional.of("storm"));
    }
  }

  /** A lease ends while its owner is still at work. */
  void lapse() {
    rig.items("LOCK").stream()
        .filter(lock -> lock.at("/owner/S").asText().startsWith("arn:"))
        .findFirst()
        .ifPresent(lock -> {
          String what = lock.at("/sk/S").asText();
          ((ObjectNode) lock).putObject("leaseUntil").put("N", "1");
          rig.put("LOCK", what, Rig.JSON.convertValue(lock, new TypeReference<>() {}));
          storm.lapsed.add(Map.entry(what, rig.time.instant()));
          alarmAgain();
        });
  }

  private void mode() {
    int which = random.nextInt(Storm.ACTIONS.size() + 3);
    storm.switches.set(
        which < Storm.ACTIONS.size() ? Storm.ACTIONS.get(which) : "GLOBAL", drawn(random));
  }

  /** Somebody lets an action do less. */
  private void limit() {
    limit(
        Storm.ACTIONS.get(random.nextInt(Storm.ACTIONS.size())),
        random.nextBoolean() ? "perHour" : "inFlight",
        random.nextInt(3));
  }

  void limit(String action, String limit, int value) {
    storm.switches.limit(action, limit, value);
  }

  void freeze() {
    storm.switches.freeze(within(10));
  }

  void alarmAgain() {
    rig.remedy("restart-endpoint", "endpoint", "EndpointName", rig.alarmEvent(any()));
  }

  void deploy() {
    String endpoint = any();
    request(
        "deploy-endpoint",
        "Deployment Requested",
        "{'target':'%s','config':'%s-b','waitSeconds':0,'terminationSeconds':0,'bakeMinutes':3}"
            .formatted(endpoint, endpoint));
  }

  void instances() {
    request("scale-out", "Instances Requested", "{'target':'%s'}".formatted(any()));
  }

  private void rollback() {
    String endpoint = any();
    rig.put(
        "GOOD",
        "endpoint/" + endpoint,
        Map.of(
            "configs",
            Map.of("L", List.of(Map.of("S", endpoint + "-config"), Map.of("S", endpoint + "-b")))));
    request("rollback-endpoint", "Rollback Requested", "{'target':'%s'}".formatted(endpoint));
  }

  private void park() {
    String endpoint = any();
    Storm.attempt(() ->
        rig.call(
            "AddTags",
            "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/%s','Tags':[{'Key':'env','Value':'dev'}]}"
                .formatted(endpoint)));
    String detail =
        "{'target':'%s','kind':'endpoint','reason':'NO_REQUESTS','evidence':[]}"
            .formatted(endpoint);
    request("park-endpoint", "Idle", detail);
    rig.time.after(
        Duration.ofMinutes(40), () -> request("unpark-endpoint", "Unpark Requested", detail));
  }

  private void request(String action, String type, String detail) {
    ObjectNode event = Rig.json("{'source':'weir.operator'}");
    event.put("detail-type", type).put("time", rig.time.instant().toString());
    event.set("detail", Rig.json(detail));
    rig.remedy(action, "endpoint", "target", event);
  }

  void spare() {
    if (random.nextInt(3) == 0) {
      Storm.attempt(() -> storm.spare(any()));
    }
  }

  /** Somebody deploys by hand. */
  private void change() {
    String endpoint = any();
    Storm.attempt(() ->
        rig.call(
            "UpdateEndpoint",
            "{'EndpointName':'%s','EndpointConfigName':'%s-b'}".formatted(endpoint, endpoint)));
  }

  /** Somebody deletes what an endpoint is made of. */
  void forget() {
    String endpoint = any();
    Storm.attempt(() -> rig.call("DeleteModel", "{'ModelName':'%s-model'}".formatted(endpoint)));
  }

  private String any() {
    return storm.endpoints.get(random.nextInt(storm.endpoints.size()));
  }

  private Duration within(int minutes) {
    return Duration.ofMillis(random.nextInt(minutes * 60_000));
  }
}
