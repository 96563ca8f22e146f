package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestartEndpointTest {
  private final Rig rig = new Rig(1);

  @BeforeEach
  void an_endpoint_with_its_alarm() {
    rig.mode("restart-endpoint", "auto");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
  }

  @Test
  void an_endpoint_that_fails_is_put_on_fresh_instances_and_verified() {
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
    rig.time.advance(Duration.ofHours(2));
    assertThat(rig.outcomes()).containsExactly("INTENT(REPLACE)", "SUCCEEDED(REPLACE)");
    assertThat(rig.account.outbox().messages()).isEmpty();
  }
}
