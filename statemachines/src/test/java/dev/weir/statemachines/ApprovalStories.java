package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.remedy.approval.Decision.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What becomes of a plan that people are asked about, told with restart endpoint. */
final class ApprovalStories {

  /** The alarm is on after two minutes, and people are asked seconds later. */
  private static final int ASKED = 10;

  private ApprovalStories() {}

  static List<Story> all() {
    return List.of(
        asked(
            "one approves",
            people -> people.at(ASKED, Verdict.APPROVE, "ann"),
            List.of("Accepted"),
            "ASKED()",
            "APPROVED()",
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        asked(
            "one clicks twice, another denies",
            people ->
                people
                    .at(ASKED, Verdict.APPROVE, "ann")
                    .at(ASKED, Verdict.APPROVE, "ann")
                    .at(ASKED + 1, Verdict.DENY, "bob"),
            List.of("Accepted", "Repeated", "DecidedOtherwise"),
            "ASKED()",
            "APPROVED()",
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        asked(
            "the reply to a decision is lost",
            people -> {
              people.lost = 1;
              people.at(ASKED, Verdict.APPROVE, "ann").at(ASKED + 1, Verdict.APPROVE, "ann");
            },
            List.of("Undelivered", "Uncertain"),
            "ASKED()",
            "APPROVED()",
            "INTENT(REPLACE)",
            "SUCCEEDED(REPLACE)"),
        asked(
            "one denies",
            people -> people.at(ASKED, Verdict.DENY, "ann"),
            List.of("Accepted"),
            "ASKED()",
            "DENIED()",
            "ESCALATED(DENIED)"),
        asked(
            "one comes after the hour",
            people -> people.at(ASKED + 60, Verdict.APPROVE, "ann"),
            List.of("Expired"),
            "ASKED()",
            "ESCALATED(APPROVAL_EXPIRED)"),
        asked(
            "one approves an endpoint that is well again",
            people -> people.at(ASKED + 20, Verdict.APPROVE, "ann"),
            rig ->
                rig.time.after(
                    Duration.ofMinutes(ASKED),
                    () -> rig.world.condition("chat", "ok", Rig.json("{}"))),
            List.of("Accepted"),
            "ASKED()",
            "APPROVED()",
            "SUPPRESSED(RECOVERED)"),
        asked(
            "one approves what is protected by then",
            people -> people.at(ASKED + 20, Verdict.APPROVE, "ann"),
            rig ->
                rig.time.after(
                    Duration.ofMinutes(ASKED),
                    () -> GuardStories.tag(rig, "remediation:protected", "true")),
            List.of("Accepted"),
            "ASKED()",
            "APPROVED()",
            "ESCALATED(PROTECTED)"),
        asked(
            "one approves what was stopped meanwhile",
            people -> people.at(ASKED + 10, Verdict.APPROVE, "ann"),
            rig -> rig.time.after(Duration.ofMinutes(ASKED), () -> GuardStories.stop(rig, "guard")),
            List.of("TooLate"),
            "ASKED()",
            "APPROVED()",
            "TOO_LATE()",
            "CRASHED(ABORTED)"),
        byHand(
            "who has started it does not approve it",
            people -> people.at(ASKED, Verdict.APPROVE, "Ann"),
            List.of("OwnRequest"),
            "ASKED()",
            "ESCALATED(APPROVAL_EXPIRED)"),
        byHand(
            "another approves what one has started",
            people -> people.at(ASKED, Verdict.APPROVE, "bob"),
            List.of("Accepted"),
            "ASKED()",
            "APPROVED()",
            "INTENT(RECREATE)",
            "SUCCEEDED(RECREATE)"));
  }

  private static Story asked(
      String name, Consumer<People> decide, List<String> became, String... rows) {
    return asked(name, decide, _ -> {}, became, rows);
  }

  private static Story asked(
      String name,
      Consumer<People> decide,
      Consumer<Rig> more,
      List<String> became,
      String... rows) {
    return GuardStories.failing(
        name,
        rig -> {
          rig.mode("restart-endpoint", "approve");
          decided(rig, decide, became);
          more.accept(rig);
        },
        rows);
  }

  private static Story byHand(
      String name, Consumer<People> decide, List<String> became, String... rows) {
    return new Story(
        name,
        Duration.ofMinutes(90),
        rig -> {
          rig.endpoint("chat", 2);
          rig.put("chat", "{'EndpointStatus':'Failed'}");
          decided(rig, decide, became);
          rig.time.after(Duration.ofMinutes(1), () -> start(rig));
        },
        rows);
  }

  /** Only now, so that the event of the failure itself has started nothing. */
  private static void start(Rig rig) {
    rig.mode("restart-endpoint", "auto");
    ObjectNode event =
        Rig.json(
            "{'source':'weir.operator','detail-type':'Remediation Requested','time':'%s','detail':{'target':'chat','requestedBy':'ann'}}"
                .formatted(rig.time.instant()));
    rig.remedy("restart-endpoint", "endpoint", "EndpointName", event);
  }

  private static void decided(Rig rig, Consumer<People> decide, List<String> became) {
    People people = new People(rig);
    decide.accept(people);
    rig.time.after(Duration.ofMinutes(85), () -> assertThat(people.became).isEqualTo(became));
  }
}
