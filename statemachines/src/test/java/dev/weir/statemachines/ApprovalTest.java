package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.account.Outbox;
import dev.weir.remedy.incident.IncidentRow;
import dev.weir.remedy.incident.Incidents;
import dev.weir.store.RemediationTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ApprovalTest {

  @TestFactory
  Stream<DynamicTest> stories() {
    return Story.tests(ApprovalStories.all().stream());
  }

  @Test
  void the_rows_say_who_approved_in_the_order_of_what_happened() {
    Rig rig = Story.played(ApprovalStories.all().stream(), "one approves");
    List<JsonNode> rows = rig.rows();

    assertThat(rig.outcomes())
        .startsWith("ASKED()", "APPROVED()", "INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
    assertThat(rows.get(1).at("/by/S").asText()).isEqualTo("ann");
    assertThat(rows.get(2).at("/approvedBy/S").asText()).isEqualTo("ann");
    assertThat(rows.get(3).at("/approvedBy/S").asText()).isEqualTo("ann");
  }

  @Test
  void who_approved_what_may_not_be_done_any_more_is_told_so_once() {
    Rig rig =
        Story.played(ApprovalStories.all().stream(), "one approves what is protected by then");

    assertThat(rig.account.outbox().messages())
        .extracting(Outbox.Message::text)
        .singleElement()
        .asString()
        .startsWith("ann has approved it, and nothing is done: PROTECTED.")
        .contains("Outcome: ESCALATED (PROTECTED)");
  }

  @Test
  void an_approved_run_that_found_all_well_is_not_told_but_stands_as_it_ended() {
    Rig rig =
        Story.played(ApprovalStories.all().stream(), "one approves an endpoint that is well again");

    assertThat(rig.account.outbox().messages()).isEmpty();
    Incidents incidents = new Incidents(new RemediationTable(rig.dynamo, Machines.TABLE));
    String id = rig.rows().getFirst().at("/incident/S").asText();
    assertThat(incidents.find(id).orElseThrow().last())
        .returns("SUPPRESSED", IncidentRow::outcome)
        .returns("RECOVERED", IncidentRow::reason)
        .returns("ann", IncidentRow::by);
  }

  @Test
  void the_lock_is_held_for_longer_than_people_have_and_taken_again_when_they_agree() {
    Rig rig = new Rig(1);
    List<Long> left = new ArrayList<>();
    Story story =
        GuardStories.failing(
            "asked",
            it -> {
              it.mode("restart-endpoint", "approve");
              it.approver =
                  request -> {
                    long until = it.items("LOCK").getFirst().at("/leaseUntil/N").asLong();
                    left.add(until - it.time.instant().getEpochSecond());
                    left.add(request.path("seconds").asLong());
                    it.time.after(Duration.ofMinutes(59), () -> GuardStories.approve(it, request));
                  };
            });
    story.play(rig);

    assertThat(left.getFirst()).isGreaterThanOrEqualTo(left.getLast() + 290);
    assertThat(rig.outcomes()).contains("SUCCEEDED(REPLACE)");
    new Invariants(rig).hold();
  }
}
