package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.local.sagemaker.wire.ApiError;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold after a storm beside what must hold after every story. */
final class Aftermath {
  /** Calls with which a run that is switched off makes good what would be worse half done. */
  private static final Set<String> MAKING_GOOD =
      Set.of(
          "CreateEndpoint", "CreateEndpointConfig", "RegisterScalableTarget", "PutScalingPolicy");

  /** Longer than a call and its retries take, once the switch has been read. */
  private static final Duration CALL = Duration.ofMinutes(5);

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private final Storm storm;
  private final Rig rig;
  private final Invariants invariants;
  private final List<JsonNode> rows;
  private final Map<String, JsonNode> intents;
  private final List<Ledger.Entry> changes;
  private final List<ExecutionDescription> acts;

  Aftermath(Storm storm) {
    this.storm = storm;
    rig = storm.rig;
    invariants = new Invariants(rig);
    rows = rig.rows();
    intents =
        rows.stream()
            .filter(row -> is(row, "INTENT"))
            .collect(Collectors.toMap(Aftermath::run, row -> row));
    changes =
        rig.world.ledger().stream()
            .filter(entry -> entry.caller().startsWith("weir-act-"))
            .toList();
    acts =
        rig.actions().stream()
            .filter(act -> act.input().path("phase").asText().equals("act"))
            .toList();
  }

  Invariants invariants() {
    return invariants;
  }

  private static boolean is(JsonNode row, String outcome) {
    return row.at("/outcome/S").asText().equals(outcome);
  }

  /** The run that a row is of. */
  private static String run(JsonNode row) {
    String[] key = row.at("/sk/S").asText().split("#", -1);
    return key[key.length - 2];
  }

  private static Instant at(JsonNode row) {
    return Instant.parse(row.at("/at/S").asText());
  }

  private static String target(ExecutionDescription act) {
    return act.input().at("/target/kind").asText() + "/" + act.input().at("/target/name").asText();
  }

  /** P1: no act begins before the one before it on its target has ended, if its lease held. */
  void nobodyBeginsBeforeTheOneBeforeHasEnded() {
    for (ExecutionDescription next : acts) {
      for (ExecutionDescription before : acts) {
        if (before.startDate().isBefore(next.startDate()) && target(before).equals(target(next))) {
          boolean held =
              storm.lapsed.stream()
                  .filter(lapse -> lapse.getKey().equals(target(next)))
                  .noneMatch(lapse ->
                      lapse.getValue().isAfter(before.startDate())
                          && lapse.getValue().isBefore(next.startDate()));
          assertThat(!held || !ended(before).isAfter(next.startDate()))
              .as("P1: %s began before %s had ended", next.name(), before.name())
              .isTrue();
        }
      }
    }
  }

  private Instant ended(ExecutionDescription act) {
    return ended(act.name().replace("-act", "")).orElse(act.stopDate().orElse(Instant.MAX));
  }

  private Optional<Instant> ended(String run) {
    return rows.stream()
        .filter(row -> run(row).equals(run) && !is(row, "INTENT"))
        .map(Aftermath::at)
        .findFirst();
  }

  /** P2: none begins within the cooldown after the one before. */
  void nobodyBeginsWithinTheCooldown() {
    for (JsonNode intent : intents.values()) {
      for (JsonNode row : rows) {
        boolean closes =
            intents.containsKey(run(row))
                && !is(row, "INTENT")
                && !is(row, "SUPPRESSED")
                && row.at("/action/S").equals(intent.at("/action/S"))
                && row.at("/name/S").equals(intent.at("/name/S"))
                && !row.at("/reason/S").asText().contains("LEASE_LOST");
        if (closes && !restores(row) && !restores(intent)) {
          long gap = Duration.between(at(row), at(intent)).toSeconds();
          assertThat(gap)
              .as("P2: %s within the cooldown after %s", run(intent), run(row))
              .matches(seconds -> seconds <= 0 || seconds >= 898);
        }
      }
    }
  }

  private static boolean restores(JsonNode row) {
    return row.at("/event/S").asText().contains("Restore Due");
  }

  /** P3: no action has more starts within an hour than it may, nor more in flight. */
  void nobodyBeginsBeyondTheLimits() {
    for (JsonNode intent : intents.values()) {
      String action = intent.at("/action/S").asText();
      if (storm.switches.settled(action, at(intent), Duration.ofSeconds(2))) {
        Map<String, Integer> limits =
            restores(intent) ? Map.of() : storm.switches.limits(action, at(intent));
        List<JsonNode> before =
            intents.values().stream()
                .filter(other -> at(other).isBefore(at(intent)) && alike(other, intent))
                .toList();
        assertThat(before)
            .filteredOn(other -> at(other).isAfter(at(intent).minusSeconds(3598)))
            .as("P3: begun within the hour before %s", run(intent))
            .hasSizeLessThan(limits.getOrDefault("perHour", 6));
        assertThat(before)
            .filteredOn(other -> done(run(other)).isAfter(at(intent)))
            .as("P3: in flight before %s", run(intent))
            .hasSizeLessThan(limits.getOrDefault("inFlight", 2));
      }
    }
  }

  /** Until when a run certainly had its place: its end may be written once more later. */
  private Instant done(String run) {
    Instant ended = ended(run).orElse(Instant.MAX);
    return acts.stream()
        .filter(act -> act.name().equals(run + "-act"))
        .flatMap(act -> act.stopDate().stream())
        .filter(ended::isAfter)
        .findFirst()
        .orElse(ended);
  }

  /** Whether two count towards the same limits. */
  private static boolean alike(JsonNode one, JsonNode other) {
    return one.at("/action/S").equals(other.at("/action/S"))
        && one.at("/kind/S").equals(other.at("/kind/S"))
        && restores(one) == restores(other);
  }

  /** P3: nothing is changed that was not begun, and nothing is begun that may not be. */
  void nothingIsChangedThatMayNotBe() {
    for (Ledger.Entry entry : changes) {
      String action = entry.caller().replaceAll("weir-act-(.*)/.*", "$1");
      assertThat(intents.containsKey(run(entry))).as("P3: %s without an intent", entry).isTrue();
      boolean off =
          List.of("off", "dry-run", "unknown").contains(storm.switches.at(action, entry.at()))
              && storm.switches.settled(action, entry.at(), CALL);
      assertThat(off && !MAKING_GOOD.contains(entry.operation()))
          .as("P3: %s while %s is off", entry, action)
          .isFalse();
    }
    for (JsonNode intent : intents.values()) {
      String action = intent.at("/action/S").asText();
      if (storm.switches.settled(action, at(intent), Duration.ofSeconds(2))) {
        assertThat(storm.switches.at(action, at(intent)))
            .as("P3: %s", intent)
            .isIn("auto", intent.at("/approvedBy/S").asText().isEmpty() ? "auto" : "approve");
      }
    }
    for (JsonNode row : rows) {
      if (is(row, "ESCALATED")
          && row.at("/reason/S").asText().equals("STORM")
          && Invariants.fleets("STORM", row.at("/summary/S").asText())) {
        boolean begun =
            intents.values().stream()
                .anyMatch(intent ->
                    intent.at("/kind/S").equals(row.at("/kind/S"))
                        && !restores(intent)
                        && at(intent).isAfter(at(row))
                        && at(intent).isBefore(at(row).plusSeconds(600)));
        assertThat(begun).as("P3: begun in the storm that %s told of", run(row)).isFalse();
      }
    }
  }

  /** P4: whatever was begun has an end on record, and nothing is held any more. */
  void whateverWasBegunHasEnded() {
    intents.forEach((run, intent) ->
        assertThat(
                ended(run).isPresent()
                    || rig.describe(intent.at("/execution/S").asText()).status()
                        == ExecutionStatus.RUNNING)
            .as("P4: %s of %s has no end", run, intent.at("/incident/S").asText())
            .isTrue());
    for (JsonNode gate : rig.items("GATE")) {
      gate.at("/inFlight/M")
          .fieldNames()
          .forEachRemaining(
              run -> assertThat(ended(run)).as("P4: %s is still counted in flight", run).isEmpty());
    }
    for (JsonNode lock : rig.items("LOCK")) {
      String owner = lock.at("/owner/S").asText();
      assertThat(owner.isEmpty() || rig.describe(owner).status() == ExecutionStatus.RUNNING)
          .as("P4: %s", lock)
          .isTrue();
    }
  }

  /** P6: what is deleted could be made again when it was planned. */
  void nothingIsDeletedThatCannotBeMadeAgain() {
    for (Ledger.Entry entry : changes) {
      if (entry.operation().equals("DeleteEndpoint") && entry.isDone()) {
        JsonNode intent = Optional.ofNullable(intents.get(run(entry))).orElseThrow();
        List<String> models =
            models(Rig.json(intent.at("/plan/S").asText()).path("config").asText());
        Instant planned = at(intent).minusSeconds(120);
        boolean gone =
            rig.world.ledger().stream()
                .anyMatch(other ->
                    other.operation().equals("DeleteModel")
                        && other.isDone()
                        && models.contains(other.resource())
                        && other.at().isBefore(planned));
        assertThat(gone).as("P6: %s deleted without its model", entry).isFalse();
      }
    }
  }

  /** The models of a configuration. */
  private List<String> models(String config) {
    return rig.world.ledger().stream()
        .filter(entry ->
            entry.operation().equals("CreateEndpointConfig") && entry.resource().equals(config))
        .flatMap(entry -> entry.request().findValuesAsText("ModelName").stream())
        .toList();
  }

  private static String run(Ledger.Entry entry) {
    return entry.caller().replaceAll(".*/(.*)-act", "$1");
  }

  /** P7: never more instances than the maximum, never fewer after success than before. */
  void capacityStaysWithinBounds() {
    storm.bounds.forEach((endpoint, bound) -> {
      for (Ledger.Entry entry : rig.world.ledger()) {
        if (entry.resource().contains(endpoint) && entry.isDone()) {
          assertThat(entry.request().path("DesiredCapacity").asInt())
              .as("P7: %s", entry)
              .isLessThanOrEqualTo(bound.max());
          assertThat(entry.request().path("MinCapacity").asInt())
              .as("P7: %s", entry)
              .isLessThanOrEqualTo(bound.max());
          assertThat(entry.request().path("MaxCapacity").asInt(bound.max()))
              .as("P7: %s", entry)
              .isEqualTo(bound.max());
        }
      }
    });
    for (Ledger.Entry entry : changes) {
      for (JsonNode asked : entry.request().path("DesiredWeightsAndCapacities")) {
        assertThat(asked.path("DesiredInstanceCount").asInt())
            .as("P7: %s", entry)
            .isLessThanOrEqualTo(maximum(entry.resource()));
      }
    }
    for (ExecutionDescription act : acts) {
      JsonNode plan = act.input().path("plan");
      JsonNode end = act.output().orElse(Rig.json("{}"));
      if (end.path("outcome").asText().equals("SUCCEEDED")
          && plan.path("how").asText().matches("replace|wait")) {
        assertThat(sum(end.path("counts")))
            .as("P7: %s of %s", act.name(), end)
            .isGreaterThanOrEqualTo(sum(plan.at("/before/counts")));
      }
    }
  }

  /** That of its scalable target, or of all machines where there is none. */
  private int maximum(String endpoint) {
    return Optional.ofNullable(storm.bounds.get(endpoint))
        .map(Storm.Bounds::max)
        .orElse(Machines.MAX_INSTANCES);
  }

  private static int sum(JsonNode counts) {
    int sum = 0;
    for (JsonNode count : counts) {
      sum += count.path("current").asInt();
    }
    return sum;
  }

  /** P8: nothing begins on what may not be touched. */
  void whatIsSparedIsNotTouched() {
    for (JsonNode intent : intents.values()) {
      Instant since = sparedSince(intent.at("/name/S").asText(), at(intent));
      assertThat(since.plus(CALL).isBefore(at(intent)) && !restores(intent))
          .as("P8: %s, spared since %s", run(intent), since)
          .isFalse();
    }
  }

  /** When the tag came that an endpoint has at a time: what is deleted takes its tags along. */
  private Instant sparedSince(String endpoint, Instant at) {
    Instant since = NEVER;
    boolean deleted = false;
    for (Ledger.Entry entry : rig.world.ledger()) {
      if (!entry.isDone() || entry.at().isAfter(at)) {
        continue;
      }
      JsonNode request = entry.request();
      boolean spares = request.path("Tags").toString().contains("remediation:");
      boolean its = request.path("EndpointName").asText().equals(endpoint);
      if (its && entry.operation().equals("DeleteEndpoint")) {
        deleted = true;
        since = NEVER;
      } else if (its && entry.operation().equals("CreateEndpoint")) {
        deleted = false;
        since = spares ? entry.at() : NEVER;
      } else if (spares
          && !deleted
          && since.equals(NEVER)
          && request.path("ResourceArn").asText().endsWith(":endpoint/" + endpoint)) {
        since = entry.at();
      }
    }
    return since;
  }

  /** P9: one incident ends the same, however often it is told and wherever it is interrupted. */
  void happeningAgainChangesNothing() {
    Incident incident = new Incident(storm.seed, storm.machines);
    String once = incident.once();
    assertThat(incident.toldTenTimes()).as("P9: told ten times").isEqualTo(once);
    assertThat(incident.killed()).as("P9: killed").isEqualTo(once);
  }

  /** P10: with the faults gone, every endpoint serves, or somebody knows that it does not. */
  void everythingComesToAnEnd() {
    Set<String> parked =
        rig.items("PARKED").stream()
            .map(item -> item.at("/sk/S").asText().replaceFirst(".*/", ""))
            .collect(Collectors.toSet());
    for (String endpoint : storm.endpoints) {
      assertThat(
              storm.spared.containsKey(endpoint)
                  || parked.contains(endpoint)
                  || serves(endpoint)
                  || told(endpoint))
          .as("P10: %s neither serves nor does anybody know: %s", endpoint, rig.outcomes())
          .isTrue();
    }
    for (ExecutionDescription guard : rig.all("guard")) {
      assertThat(
              guard.status() == ExecutionStatus.RUNNING && guard.startDate().isBefore(storm.calm))
          .as("P10: %s still runs", guard.name())
          .isFalse();
    }
  }

  private boolean told(String endpoint) {
    return Stream.concat(
            rig.account.outbox().messages().stream().map(Outbox.Message::text),
            rig.account.outbox().opsItems().stream()
                .map(item -> item.request().path("Description").asText()))
        .anyMatch(text -> text.contains(endpoint));
  }

  private boolean serves(String endpoint) {
    try {
      return rig.world.invoke(endpoint);
    } catch (ApiError e) {
      return false;
    }
  }

  /** Whether it is on record, and by P5 told, that its minimum may not be given back. */
  private boolean knownToBeOwed(String endpoint) {
    return rows.stream()
        .anyMatch(row ->
            row.at("/name/S").asText().equals(endpoint) && is(row, "ESCALATED") && restores(row));
  }

  /** P11: every minimum is what it was, but where a tag keeps machines away or a run has time. */
  void everyMinimumIsGivenBack() {
    Set<String> excused = new HashSet<>(storm.spared.keySet());
    for (JsonNode lock : rig.items("LOCK")) {
      String endpoint = lock.at("/sk/S").asText().replaceFirst(".*/", "");
      long due = lock.at("/restore/M/due/N").asLong();
      if (lock.has("owner") && due > rig.time.instant().getEpochSecond()) {
        excused.add(endpoint);
      }
      assertThat(lock.has("restore") && !excused.contains(endpoint))
          .as("P11: owed: %s", lock)
          .isFalse();
      assertThat(lock.has("restore") && !lock.has("owner") && !knownToBeOwed(endpoint))
          .as("P11: owed, and nobody was told: %s", lock)
          .isFalse();
    }
    for (JsonNode target :
        rig.call(
                Service.AUTO_SCALING, "DescribeScalableTargets", "{'ServiceNamespace':'sagemaker'}")
            .path("ScalableTargets")) {
      String endpoint = target.path("ResourceId").asText().split("/", -1)[1];
      Optional.ofNullable(storm.bounds.get(endpoint))
          .filter(_ -> !excused.contains(endpoint))
          .ifPresent(bound ->
              assertThat(target.path("MinCapacity").asInt())
                  .as("P11: %s", endpoint)
                  .isEqualTo(bound.min()));
    }
  }
}
