package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.ExecutionStatus;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class WatchDriftTest {
  @TestFactory
  Stream<DynamicTest> every_window_ends_as_it_should() {
    return Story.tests(WatchDriftStories.all());
  }

  private static Rig played(String story) {
    return Story.played(WatchDriftStories.all(), story);
  }

  @Test
  void data_that_nothing_may_be_trained_on_are_told_once_a_day() {
    Rig rig = played("a broken schema is told, once a day");
    assertThat(rig.all("watch-drift")).hasSize(2);
    assertThat(rig.account.outbox().messages()).hasSize(1);
    assertThat(rig.account.outbox().messages().getFirst().text()).contains("DATA_SCHEMA_BROKEN");
    assertThat(rig.world.ledger()).noneMatch(call -> call.operation().equals("CreateTrainingJob"));
  }

  @Test
  void an_endpoint_that_cannot_be_judged_keeps_none_of_the_others_and_is_told() {
    Rig rig = new Rig(1);
    DriftingEndpoint endpoint = new DriftingEndpoint(rig);
    endpoint.outcome = "SCHEMA_BROKEN";
    rig.put("BASELINE", "chat/AllTraffic", Map.of("id", Map.of("S", "first")));
    rig.put("BASELINE", "badly/AllTraffic", Map.of("id", Map.of("S", "first")));
    rig.cable.fail(
        call -> call.arguments().at("/Payload/endpoint").asText().equals("badly"),
        Integer.MAX_VALUE,
        "java.lang.IllegalStateException",
        "of no use");
    rig.start("watch-drift", Rig.json("{}"));
    rig.time.advance(java.time.Duration.ofHours(1));
    var run = rig.all("watch-drift").getFirst();
    assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(run.cause().orElseThrow()).contains("badly").doesNotContain("chat");
    assertThat(rig.account.outbox().messages()).hasSize(1);
  }
}
