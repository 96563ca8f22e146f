package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
