package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.remedy.approval.Answered;
import dev.weir.remedy.approval.Approvals;
import dev.weir.remedy.approval.Asked;
import dev.weir.remedy.approval.Callbacks;
import dev.weir.remedy.approval.Decision;
import dev.weir.remedy.approval.Decision.Verdict;
import dev.weir.states.StatesException;
import dev.weir.store.RemediationTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Those who are asked, with the questions kept as the approval function keeps them. */
final class People {
  private final Rig rig;
  private final Approvals approvals;

  /** What became of each of their decisions, by its class. */
  final List<String> became = new ArrayList<>();

  /** Decisions on their way to the machine, whose replies are lost. */
  int lost;

  People(Rig rig) {
    this.rig = rig;
    approvals =
        new Approvals(
            new RemediationTable(rig.dynamo, Machines.TABLE),
            this::tell,
            true,
            rig.time,
            new Random(1));
    rig.approver = this::ask;
  }

  private void ask(JsonNode request) {
    approvals.ask(
        new Asked(
            request.path("token").asText(),
            request.path("incident").asText(),
            request.path("run").asText(),
            request.path("action").asText(),
            request.path("target").path("kind").asText(),
            request.path("target").path("name").asText(),
            request.path("plan").toString(),
            request.path("severity").asText(),
            Optional.of(request.path("requestedBy").asText()).filter(name -> !name.isEmpty()),
            request.path("seconds").asLong()));
  }

  /** Somebody decides, at so many minutes after the story begins. */
  People at(int minutes, Verdict verdict, String by) {
    rig.time.after(
        Duration.ofMinutes(minutes),
        () -> {
          String id = rig.items("APPROVAL").getFirst().at("/sk/S").asText();
          Answered answered = approvals.decide(id, verdict, by, "");
          became.add(answered.getClass().getSimpleName());
        });
    return this;
  }

  private Callbacks.Told tell(String token, Decision decision) {
    try {
      switch (decision.verdict()) {
        case APPROVE ->
            rig.account
                .machines()
                .sendTaskSuccess(token, "{\"approvedBy\":\"%s\"}".formatted(decision.by()));
        case DENY ->
            rig.account
                .machines()
                .sendTaskFailure(
                    token, Optional.of("Remediation.Denied"), Optional.of(decision.by()));
      }
    } catch (StatesException e) {
      return Callbacks.Told.GONE;
    }
    return lost-- > 0 ? Callbacks.Told.UNKNOWN : Callbacks.Told.YES;
  }
}
