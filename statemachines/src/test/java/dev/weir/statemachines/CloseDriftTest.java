package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class CloseDriftTest {
  @TestFactory
  Stream<DynamicTest> every_deployment_ends_as_it_should() {
    return Story.tests(CloseDriftStories.all());
  }

  @Test
  void a_drift_is_closed_only_by_a_window_after_the_new_baseline() {
    Rig rig = Story.played(CloseDriftStories.all(), "the drift is over");
    var row = rig.items("RETRAIN").getFirst();
    assertThat(row.at("/closed/S").asText()).endsWith(":model-package/chat/1");
    assertThat(row.at("/judged/S").asText()).startsWith("2026-03-02T18:1");
  }

  @Test
  void a_drift_that_persists_is_told_and_not_trained_for_again() {
    Rig rig = new Rig(1);
    DriftingEndpoint endpoint = new DriftingEndpoint(rig);
    endpoint.serves("{'weir.snapshot':'as-they-were','weir.variant':'AllTraffic'}");
    endpoint.deployed();
    rig.time.advance(Duration.ofHours(24));
    assertThat(rig.outcomes()).contains("INTENT(CLOSE)", "FAILED(DRIFT_PERSISTS)");
    endpoint.drifts();
    rig.time.advance(Duration.ofHours(3));
    assertThat(rig.outcomes()).contains("ESCALATED(RETRAINED_IN_VAIN)");
    assertThat(rig.world.ledger()).noneMatch(call -> call.operation().equals("CreateTrainingJob"));
  }

  @Test
  void from_the_drift_over_the_approval_to_its_end() {
    Rig rig = new Rig(1);
    DriftingEndpoint endpoint = new DriftingEndpoint(rig);
    endpoint.alarm();
    rig.mode("deploy-endpoint", "auto");
    rig.put("BASELINE", "chat/AllTraffic", Map.of("id", Map.of("S", "first")));
    rig.errorsAlarm(Releases.ALARM, "chat");
    Releases.load(rig, 60);
    rig.start("watch-drift", Rig.json("{}"));
    rig.time.advance(Duration.ofHours(3));
    assertThat(rig.outcomes()).containsExactlyInAnyOrder("INTENT(DRIFT)", "SUCCEEDED(OFFERED)");
    Releases.approve(rig);
    rig.time.advance(Duration.ofHours(2));
    endpoint.outcome = "OK";
    rig.time.advance(Duration.ofHours(24));
    assertThat(rig.outcomes())
        .containsAll(List.of("SUCCEEDED(CANARY)", "INTENT(CLOSE)", "SUCCEEDED(DRIFT_CLOSED)"));
    assertThat(endpoint.baseline).isEqualTo("chat/1");
    assertThat(rig.account.outbox().messages()).hasSize(1);
    assertThat(rig.account.outbox().messages().getFirst().text()).contains("OFFERED");
  }
}
