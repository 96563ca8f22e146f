package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SweepTest {
  private final Sweeper sweeper = new Sweeper(new Rig(1));
  private final Rig rig = sweeper.rig;

  @ParameterizedTest
  @CsvSource({
    "ENABLED,  JupyterLab, false, 0, 0",
    "DISABLED, JupyterLab, false, 0, 1",
    "DISABLED, JupyterLab, true,  1, 0",
    "ENABLED,  KernelGateway, false, 0, 1",
    "ENABLED,  TensorBoard, true, 0, 0"
  })
  void an_app_is_judged_by_its_domain_or_its_heartbeat(
      String idleSettings, String type, boolean heartbeat, int warned, int unknown) {
    sweeper.domain(idleSettings);
    sweeper.app("'UserProfileName':'ann'", type);
    rig.time.advance(Duration.ofHours(2));
    if (heartbeat) {
      sweeper.heartbeat("app", "d-1/ann/" + type + "/default", -1, -90, "");
    }

    JsonNode swept = sweeper.sweep("app");

    assertThat(swept.path("running").asInt()).isOne();
    assertThat(swept.path("warned").asInt()).isEqualTo(warned);
    assertThat(swept.path("unknown").asInt()).isEqualTo(unknown);
  }

  @ParameterizedTest
  @CsvSource({"JupyterLab, 'SpaceName', false", "KernelGateway, 'UserProfileName', true"})
  void an_idle_app_is_deleted_and_asked_about_where_its_work_may_be_lost(
      String type, String owner, boolean asked) {
    int[] asks = {0};
    rig.approver =
        ask -> {
          asks[0]++;
          GuardStories.approve(rig, ask);
        };
    sweeper.domain("DISABLED");
    sweeper.app("'%s':'ann'".formatted(owner), type);
    rig.time.advance(Duration.ofHours(2));

    sweeper.sweepFor(
        "app",
        Duration.ofMinutes(90),
        () -> sweeper.heartbeat("app", "d-1/ann/" + type + "/default", -1, -90, ""));

    assertThat(sweeper.outcomes()).containsExactly("INTENT(QUIET)", "SUCCEEDED(DELETED)");
    assertThat(asks[0]).isEqualTo(asked ? 1 : 0);
  }

  @Test
  void more_than_can_be_looked_at_is_said() {
    sweeper.idleNotebooks(301);

    assertThat(sweeper.sweep("notebook-instance").path("running").asInt()).isEqualTo(300);
    assertThat(rig.account.outbox().messages().getLast().text()).contains("300 run, and more");
  }
}
