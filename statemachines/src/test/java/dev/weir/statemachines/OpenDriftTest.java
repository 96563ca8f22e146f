package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.ExecutionDescription;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Drifts that a deployment has answered, and whose end nobody has begun to look for. */
final class OpenDriftTest {
  private static final Duration DAY = Duration.ofHours(24);

  private final Rig rig = new Rig(1);
  private final DriftingEndpoint endpoint = new DriftingEndpoint(rig);

  /** A model is trained for the drift, approved and deployed. */
  private void deployed() {
    endpoint.alarm();
    rig.mode("deploy-endpoint", "auto");
    rig.put("BASELINE", "chat/AllTraffic", Map.of("id", Map.of("S", "first")));
    rig.errorsAlarm(Releases.ALARM, "chat");
    Releases.load(rig, 60);
    rig.start("watch-drift", Rig.json("{}"));
    rig.time.advance(Duration.ofHours(3));
    Releases.approve(rig);
    rig.reconcileEvery(Duration.ofMinutes(5));
    rig.time.advance(Duration.ofHours(1));
    endpoint.outcome = "OK";
    assertThat(rig.outcomes()).contains("SUCCEEDED(CANARY)");
  }

  /** The events of what has ended are lost. */
  private void deaf() {
    rig.mail =
        event -> {
          if (!event.path("source").asText().equals("weir.remediation")) {
            rig.publish(event);
          }
        };
  }

  /** The guards that close-drift was asked of. */
  private List<ExecutionDescription> asked() {
    return rig.all("guard").stream()
        .filter(guard -> guard.input().path("action").asText().equals("close-drift"))
        .toList();
  }

  private JsonNode row() {
    return rig.items("RETRAIN").getFirst();
  }

  @Test
  void a_deployment_that_nobody_heard_of_is_reminded_of() {
    deaf();
    deployed();
    assertThat(row().at("/deployed/S").asText()).isEqualTo(Releases.PACKAGE);
    rig.time.advance(DAY);
    assertThat(rig.outcomes()).contains("INTENT(CLOSE)", "SUCCEEDED(DRIFT_CLOSED)");
    assertThat(row().at("/closed/S").asText()).isEqualTo(Releases.PACKAGE);
  }

  @Test
  void so_is_one_that_met_a_held_lock() {
    rig.time.after(Duration.ofMinutes(185), () -> lock(Map.of("owner", Map.of("S", "another"))));
    rig.time.after(Duration.ofHours(6), () -> lock(Map.of("run", Map.of("S", "another"))));
    deployed();
    assertThat(rig.outcomes()).contains("SUPPRESSED(BUSY)").doesNotContain("INTENT(CLOSE)");
    rig.time.advance(DAY);
    assertThat(rig.outcomes()).contains("INTENT(CLOSE)", "SUCCEEDED(DRIFT_CLOSED)");
  }

  private void lock(Map<String, Object> members) {
    long until = rig.time.instant().plus(DAY).getEpochSecond();
    Map<String, Object> lock = new HashMap<>(members);
    lock.put("fence", Map.of("N", "99"));
    lock.put("leaseUntil", Map.of("N", Long.toString(until)));
    rig.put("LOCK", DriftingEndpoint.GROUP + "/chat", lock);
  }

  @Test
  void once_a_run_has_begun_nobody_reminds_any_more_however_it_ends() {
    deaf();
    endpoint.data = "as-they-were";
    deployed();
    endpoint.data = "others";
    rig.time.advance(DAY.multipliedBy(3));
    assertThat(rig.outcomes()).contains("INTENT(CLOSE)", "FAILED(DATA_CHANGED)");
    assertThat(asked()).hasSize(1);
  }

  @Test
  void while_it_may_not_begin_it_is_reminded_of_once_an_hour_for_a_week() {
    deaf();
    rig.mode("close-drift", "off");
    deployed();
    rig.time.advance(DAY.multipliedBy(9));
    assertThat(asked()).hasSizeBetween(7 * 24 - 2, 7 * 24);
    assertThat(rig.outcomes().stream().filter("SUPPRESSED(OFF)"::equals)).hasSize(1);
  }
}
