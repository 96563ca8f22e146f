package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Two actions that are wanted on forty endpoints within two hours, while their limits change. */
final class Crowd {
  private static final Duration TIME = Duration.ofHours(2);
  private static final List<String> ACTIONS = List.of("scripted", "other");

  private final Rig rig;
  private final Random random;
  private final Switches switches;

  Crowd(long seed, List<Machines.Machine> machines) {
    rig = new Rig(seed, (_, _) -> {}, machines);
    random = Storm.random(seed);
    switches = new Switches(rig);
    ACTIONS.forEach(action -> switches.set(action, "auto"));
  }

  /** Lets all happen, and end. */
  void rush() {
    for (int i = 0; i < 40; i++) {
      rig.put("chat-part-" + i, "{'EndpointStatus':'InService'}");
    }
    for (int i = 0; i < 150; i++) {
      String action = drawn();
      String target = "chat-part-" + random.nextInt(40);
      // Half of them at the same few moments.
      int second = i % 2 == 0 ? 1200 * random.nextInt(6) : random.nextInt(7200);
      rig.time.after(Duration.ofSeconds(second), () -> ask(action, target));
    }
    for (int i = 0; i < 16; i++) {
      rig.time.after(
          Duration.ofSeconds(random.nextInt(7200)),
          () -> switches.limit(drawn(), drawnLimit(), random.nextInt(9)));
    }
    for (int i = 0; i < 6; i++) {
      rig.time.after(Duration.ofSeconds(random.nextInt(7200)), this::kill);
    }
    rig.cable.rough(rig.time.instant().plus(TIME), 0.04, 0.04);
    rig.reconcileEvery(Duration.ofMinutes(5));
    rig.time.advance(TIME.multipliedBy(2));
  }

  private String drawn() {
    return ACTIONS.get(random.nextInt(ACTIONS.size()));
  }

  private String drawnLimit() {
    return random.nextBoolean() ? "perHour" : "inFlight";
  }

  private void ask(String action, String target) {
    rig.remedy(
        action,
        "endpoint",
        "target",
        Rig.json(
            "{'detail-type':'Told','source':'test','time':'%s','detail':{'target':'%s','plan':{'plan':'ACT','reason':'R'},'seconds':%d,'end':{'outcome':'SUCCEEDED'}}}"
                .formatted(rig.time.instant(), target, random.nextInt(1500))));
  }

  /** Somebody stops a guard. */
  private void kill() {
    List<ExecutionDescription> running =
        rig.all("guard").stream()
            .filter(guard -> guard.status() == ExecutionStatus.RUNNING)
            .toList();
    if (!running.isEmpty()) {
      String arn = running.get(random.nextInt(running.size())).executionArn();
      rig.account.machines().stopExecution(arn, Optional.empty(), Optional.of("crowd"));
    }
  }

  long begun() {
    return runs().size();
  }

  /** Starts for which an action had no place, or none left of its hour. */
  List<String> beyond() {
    List<String> beyond = new ArrayList<>();
    List<Run> runs = runs();
    for (Run run : runs) {
      List<Run> before =
          runs.stream()
              .filter(other -> other.action.equals(run.action) && other.begun.isBefore(run.begun))
              .toList();
      // Starts are counted by the second.
      long hour =
          before.stream()
              .filter(other -> other.begun.isAfter(run.begun.minusSeconds(3599)))
              .count();
      long inFlight = before.stream().filter(other -> other.ended.isAfter(run.begun)).count();
      Map<String, Integer> limits = switches.limits(run.action, run.begun);
      if (switches.settled(run.action, run.begun, Duration.ofSeconds(2))
          && (hour >= limits.getOrDefault("perHour", 6)
              || inFlight >= limits.getOrDefault("inFlight", 2))) {
        beyond.add("%s after %d, with %d in flight: %s".formatted(run, hour, inFlight, limits));
      }
    }
    return beyond;
  }

  List<String> stillInFlight() {
    List<String> names = new ArrayList<>();
    rig.items("GATE")
        .forEach(gate -> gate.at("/inFlight/M").fieldNames().forEachRemaining(names::add));
    return names;
  }

  private record Run(String action, String id, Instant begun, Instant ended) {}

  private List<Run> runs() {
    List<JsonNode> rows = rig.rows();
    return rows.stream()
        .filter(row -> row.at("/outcome/S").asText().equals("INTENT"))
        .map(row -> new Run(row.at("/action/S").asText(), id(row), at(row), done(rows, row)))
        .toList();
  }

  /** Until when a run certainly had its place: its end may be written once more later. */
  private Instant done(List<JsonNode> rows, JsonNode intent) {
    String id = id(intent);
    return Stream.concat(
            rig.all("act-" + intent.at("/action/S").asText()).stream()
                .filter(act -> act.name().equals(id + "-act"))
                .flatMap(act -> act.stopDate().stream()),
            rows.stream().filter(row -> id(row).equals(id) && !row.equals(intent)).map(Crowd::at))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  private static String id(JsonNode row) {
    String[] key = row.at("/sk/S").asText().split("#", -1);
    return key[key.length - 2];
  }

  private static Instant at(JsonNode row) {
    return Instant.parse(row.at("/at/S").asText());
  }
}
