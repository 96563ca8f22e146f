package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.hash.Sha256;
import dev.weir.local.account.Outbox;
import dev.weir.local.sagemaker.state.Ledger;
import dev.weir.remedy.incident.Incidents;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.ExecutionStatus;
import dev.weir.store.RemediationTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold at the end of every story; numbered as in docs/remediation.md. */
final class Invariants {
  private static final String ON_CALL = ", on call";
  private static final Set<String> UNRESOLVED =
      Set.of("ESCALATED", "FAILED", "ROLLED_BACK", "ABANDONED", "CRASHED");

  /** What the guard allows within a day where nobody says otherwise. */
  private static final int ATTEMPTS = 3;

  private final Rig rig;
  private final List<JsonNode> rows;
  private final List<ExecutionDescription> guards;
  private final List<ExecutionDescription> acts;

  Invariants(Rig rig) {
    this.rig = rig;
    rows = rig.rows();
    guards = rig.all("guard");
    acts = rig.actions().stream().filter(Invariants::acts).toList();
  }

  void hold() {
    oneHolderAtATime();
    attemptsWithinLimit();
    everyExecutionEndsRecorded();
    nothingIsLeftHeld();
    oneEscalationForEachUnresolvedIncident();
    everyIncidentToldCanBeLookedUp();
    nothingDeletedUnasked();
    new LedgerInvariants(rig).hold();
  }

  static boolean acts(ExecutionDescription execution) {
    return execution.input().path("phase").asText().equals("act");
  }

  /** P1: no two executions act on one resource at the same time. */
  void oneHolderAtATime() {
    Map<String, List<Instant>> changes = new HashMap<>();
    for (Ledger.Entry entry : rig.world.ledger()) {
      changes.computeIfAbsent(entry.caller(), _ -> new ArrayList<>()).add(entry.at());
    }
    Map<String, List<ExecutionDescription>> byTarget =
        acts.stream().collect(Collectors.groupingBy(act -> act.input().path("target").toString()));
    byTarget.forEach((target, all) -> {
      List<ExecutionDescription> ordered = new ArrayList<>(all);
      ordered.sort(Comparator.comparing(ExecutionDescription::startDate));
      for (int i = 1; i < ordered.size(); i++) {
        Instant next = ordered.get(i).startDate();
        for (ExecutionDescription before : ordered.subList(0, i)) {
          assertThat(changes.getOrDefault(caller(before), List.of()))
              .as("P1: changes of %s by %s after the next holder", target, before.name())
              .noneMatch(at -> at.isAfter(next));
        }
      }
    });
  }

  static String caller(ExecutionDescription execution) {
    String[] arn = execution.executionArn().split(":", -1);
    return arn[6] + "/" + arn[7];
  }

  /** P2: at most so many attempts in any window; giving back has more of its own. */
  void attemptsWithinLimit() {
    Map<String, List<Instant>> starts = new HashMap<>();
    for (ExecutionDescription act : acts) {
      boolean restores = act.input().at("/event/detail-type").asText().equals("Restore Due");
      if (!restores) {
        starts
            .computeIfAbsent(
                act.input().path("action").asText() + act.input().path("target"),
                _ -> new ArrayList<>())
            .add(act.startDate());
      }
    }
    starts.forEach((what, all) -> {
      all.sort(Comparator.naturalOrder());
      for (int i = ATTEMPTS; i < all.size(); i++) {
        assertThat(all.get(i))
            .as("P2: %s", what)
            .isAfterOrEqualTo(all.get(i - ATTEMPTS).plusSeconds(86_400).minusSeconds(60));
      }
    });
  }

  /** P4: every ended guard has its one closing row, or ended badly and was cleaned up after. */
  void everyExecutionEndsRecorded() {
    Map<String, Long> closings =
        rows.stream()
            .filter(row -> row.at("/sk/S").asText().endsWith("#2-end"))
            .collect(
                Collectors.groupingBy(
                    row -> row.at("/execution/S").asText(), Collectors.counting()));
    for (ExecutionDescription guard : guards) {
      long found = closings.getOrDefault(guard.executionArn(), 0L);
      boolean reconciled =
          guard.input().path("event").path("source").asText().equals("weir.reconciler");
      if (guard.status() == ExecutionStatus.SUCCEEDED && !reconciled) {
        assertThat(found).as("P4: rows of %s %s", guard.name(), guard.output()).isEqualTo(1);
      }
    }
  }

  /** P4: no lock is owned by an execution that has ended, nothing is in flight. */
  void nothingIsLeftHeld() {
    for (JsonNode lock : rig.items("LOCK")) {
      String owner = lock.at("/owner/S").asText();
      boolean expired = lock.at("/leaseUntil/N").asLong() < rig.time.instant().getEpochSecond();
      if (owner.startsWith("arn:") && !expired) {
        assertThat(rig.describe(owner).status())
            .as("P4: %s still held", lock.at("/sk/S").asText())
            .isEqualTo(ExecutionStatus.RUNNING);
      }
    }
    if (failed("clean").findAny().isEmpty()) {
      Set<String> inFlight = new HashSet<>();
      rig.items("GATE")
          .forEach(gate -> gate.at("/inFlight/M").fieldNames().forEachRemaining(inFlight::add));
      assertThat(over().filter(inFlight::contains)).as("P4: in flight and over").isEmpty();
    }
  }

  /** The runs of guards that ended with their lease, as places in flight name them. */
  private Stream<String> over() {
    Set<String> lost =
        rows.stream()
            .filter(row -> row.at("/reason/S").asText().contains("LEASE_LOST"))
            .map(row -> row.at("/execution/S").asText())
            .collect(Collectors.toSet());
    return guards.stream()
        .filter(guard -> guard.status() != ExecutionStatus.RUNNING)
        .filter(guard -> !lost.contains(guard.executionArn()))
        .map(guard -> Sha256.hex(guard.executionArn()).substring(0, 32));
  }

  /** P5: of every incident that needs somebody, somebody is told, and once in each tier. */
  void oneEscalationForEachUnresolvedIncident() {
    List<String> items =
        rig.account.outbox().opsItems().stream()
            .map(item -> told(item.title(), item.request().path("Description").asText()))
            .toList();
    List<String> messages =
        rig.account.outbox().messages().stream()
            .filter(message -> message.text().contains("Incident: "))
            .map(message -> told(message.subject(), message.text()))
            .toList();
    assertThat(items).as("P5: an OpsItem twice").doesNotHaveDuplicates();
    // Who does not hear that it was told, or that the end was, tells it again.
    if (!rig.cable.lost("Tell") && !rig.cable.lost("Ended")) {
      assertThat(messages).as("P5: a message twice").doesNotHaveDuplicates();
    }
    // Who is answered that somebody has told it already is not the one to tell it.
    boolean toldByAnother =
        rig.cable
            .toString()
            .contains("weir-watch-drift, state=Tell] StepFunctions.ExecutionAlready");
    Set<String> undelivered = undelivered();
    for (JsonNode row : rows) {
      String incident = row.at("/incident/S").asText();
      if (UNRESOLVED.contains(row.at("/outcome/S").asText())
          && !fleets(row.at("/reason/S").asText(), row.at("/summary/S").asText())
          && !toldByAnother
          && !undelivered.contains(incident)
          && !undelivered.contains(row.at("/execution/S").asText())) {
        assertThat(Stream.concat(messages.stream(), items.stream()).toList())
            .as("P5: nobody was told")
            .contains(
                row.at("/severity/S").asText().equals("CRITICAL") ? incident + ON_CALL : incident);
      }
    }
  }

  /** Incidents and executions of which nobody could be told, which then is an alarm's business. */
  private Set<String> undelivered() {
    return Stream.of(
            failed("watch-drift").map(ExecutionDescription::executionArn),
            failed("escalate").map(execution -> execution.input().path("incident").asText()),
            failed("clean").map(execution -> execution.input().at("/detail/executionArn").asText()),
            guards.stream()
                .filter(guard -> guard.error().equals(Optional.of("Remediation.Undelivered")))
                .map(ExecutionDescription::executionArn))
        .flatMap(each -> each)
        .collect(Collectors.toSet());
  }

  private Stream<ExecutionDescription> failed(String machine) {
    return rig.all(machine).stream()
        .filter(execution -> execution.status() == ExecutionStatus.FAILED);
  }

  /** P5: who is told of an incident finds it by its name, but where nothing could be recorded. */
  void everyIncidentToldCanBeLookedUp() {
    Incidents incidents = new Incidents(new RemediationTable(rig.dynamo, Machines.TABLE));
    Set<String> unrecorded =
        Stream.of("guard", "clean", "sweep")
            .flatMap(this::failed)
            .flatMap(each ->
                Stream.of(each.executionArn(), each.input().at("/detail/executionArn").asText()))
            .collect(Collectors.toSet());
    Set<String> refused =
        Stream.concat(
                failed("escalate"),
                rig.all("escalate").stream()
                    .filter(each ->
                        each.output().filter(end -> !end.path("recorded").asBoolean()).isPresent()))
            .map(each -> each.input().path("incident").asText())
            .collect(Collectors.toSet());
    for (Outbox.Message message : rig.account.outbox().messages()) {
      String text = message.text();
      if (text.contains("Incident: ")
          && !unrecorded.contains(line(text, "Execution"))
          && !refused.contains(line(text, "Incident"))
          && !rig.cable.toString().contains("state=Release]")) {
        assertThat(incidents.find(line(text, "Incident")))
            .as("P5: told of %s, which cannot be looked up", line(text, "Incident"))
            .isPresent();
      }
    }
  }

  /**
   * Of which incident somebody was told, whether those on call, and whether it is over; that a
   * fleet has to wait is told of the one that found it so, beside what is told of that itself.
   */
  private static String told(String title, String text) {
    return line(text, "Incident")
        + (fleets(text.replaceAll("(?s).*Outcome: \\w+ \\((\\w+)\\).*", "$1"), text)
            ? ", fleet, by " + line(text, "Execution")
            : "")
        + (title.startsWith("Weir CRITICAL:") ? ON_CALL : "")
        + (text.contains("Outcome: SUCCEEDED") ? ", resolved" : "");
  }

  /** Whether it is told of all that has to wait, and not of one that was approved and has to. */
  static boolean fleets(String reason, String summary) {
    return reason.matches("STORM|PER_HOUR") && !summary.contains(" has approved it, ");
  }

  private static String line(String text, String name) {
    return text.replaceAll("(?s).*%s: ([^\n]*).*".formatted(name), "$1");
  }

  /** P6: nothing is deleted that nobody agreed to, except what is parked. */
  void nothingDeletedUnasked() {
    Set<String> approved =
        rows.stream()
            .filter(row -> !row.at("/approvedBy/S").asText().isEmpty())
            .map(row -> row.at("/sk/S").asText().replaceAll(".*#([0-9a-f]{32})#.*", "$1"))
            .collect(Collectors.toSet());
    for (Ledger.Entry entry : rig.world.ledger()) {
      if (entry.operation().equals("DeleteEndpoint")
          && entry.caller().startsWith("weir-act-")
          && !entry.caller().startsWith("weir-act-park-endpoint/")) {
        assertThat(approved)
            .as("P6: %s deleted by %s", entry.resource(), entry.caller())
            .contains(entry.caller().replaceAll(".*/(.*)-act", "$1"));
      }
    }
  }
}
