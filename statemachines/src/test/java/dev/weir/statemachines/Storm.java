package dev.weir.statemachines;

import dev.weir.local.sagemaker.fault.CallFault;
import dev.weir.local.sagemaker.fault.Course;
import dev.weir.local.sagemaker.fault.Fault;
import dev.weir.local.sagemaker.fault.FaultKind;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Half an hour in which everything drawn from the seed goes wrong: endpoints fail, calls are
 * refused or lost, executions are stopped, events come again, modes change. Then nothing does, and
 * the machines have the rest of the time to bring everything to an end.
 */
final class Storm {
  static final Duration ROUGH = Duration.ofMinutes(30);
  static final Duration WHOLE = Duration.ofHours(3);

  private static final List<FaultKind> FAULTS =
      List.of(
          Course.SILENT_ROLLBACK,
          Course.ROLLBACK_FAILED,
          Course.NO_CAPACITY,
          Course.PARTIAL_CAPACITY,
          CallFault.THROTTLED,
          CallFault.LOST_REPLY,
          CallFault.LOST_REQUEST,
          CallFault.INTERNAL,
          CallFault.ACCESS_DENIED);

  private final Random random;
  private final Rig rig;
  private final int endpoints;
  private final Instant calm;

  Storm(long seed, Rig rig) {
    this.rig = rig;
    random = new Random(seed);
    endpoints = 1 + random.nextInt(3);
    rig.mode("restart-endpoint", "auto");
    rig.approver =
        request -> {
          if (random.nextInt(4) > 0) {
            rig.time.after(minutes(20), () -> rig.answer(request));
          }
        };
    for (int i = 0; i < endpoints; i++) {
      rig.endpoint(name(i), 1 + random.nextInt(3));
      rig.errorsAlarm(name(i));
    }
    rig.call(
        "AddTags",
        "{'ResourceArn':'arn:aws:sagemaker:us-east-1:123456789012:endpoint/%s','Tags':[{'Key':'remediation:%s','Value':'true'}]}"
            .formatted(name(0), random.nextInt(3) == 0 ? "protected" : "nothing"));
    calm = rig.time.instant().plus(ROUGH);
  }

  static String name(int index) {
    return "chat-" + index;
  }

  int endpoints() {
    return endpoints;
  }

  /** Lets it rage and calm down. */
  Rig play() {
    rig.reconcileEvery(Duration.ofMinutes(5));
    rig.cable.rough(calm, random.nextDouble() * 0.1, random.nextDouble() * 0.05);
    for (int i = 0; i < endpoints; i++) {
      String endpoint = name(i);
      if (random.nextInt(4) > 0) {
        rig.time.after(minutes(20), () -> fail(endpoint));
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      FaultKind kind = FAULTS.get(random.nextInt(FAULTS.size()));
      int times = 1 + random.nextInt(3);
      rig.time.after(
          minutes(25),
          () ->
              rig.world.add(
                  new Fault(kind, Fault.ANY, Fault.ANY).times(times).share(0.5).until(calm)));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      rig.time.after(minutes(30), this::stopOne);
    }
    if (random.nextInt(4) == 0) {
      rig.time.after(
          minutes(25), () -> rig.mode("GLOBAL", random.nextBoolean() ? "off" : "approve"));
      rig.time.after(ROUGH, () -> rig.mode("GLOBAL", "auto"));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      String endpoint = name(random.nextInt(endpoints));
      rig.time.after(
          minutes(30),
          () ->
              rig.remedy("restart-endpoint", "endpoint", "EndpointName", rig.alarmEvent(endpoint)));
    }
    rig.time.advance(ROUGH);
    rig.world.clearFaults();
    rig.time.advance(WHOLE.minus(ROUGH));
    return rig;
  }

  private void fail(String endpoint) {
    if (random.nextInt(3) == 0) {
      rig.put(endpoint, "{'EndpointStatus':'Failed'}");
    } else {
      rig.world.condition(endpoint, "failing", Rig.json("{'invocationsPerMinute':60}"));
    }
  }

  private void stopOne() {
    List<ExecutionDescription> running =
        List.of(rig.all("guard"), rig.actions()).stream()
            .flatMap(List::stream)
            .filter(execution -> execution.status() == ExecutionStatus.RUNNING)
            .toList();
    if (!running.isEmpty()) {
      String arn = running.get(random.nextInt(running.size())).executionArn();
      rig.account.machines().stopExecution(arn, Optional.empty(), Optional.of("storm"));
    }
  }

  private Duration minutes(int most) {
    return Duration.ofMillis(random.nextInt(most * 60_000));
  }
}
