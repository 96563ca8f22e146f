package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.ExecutionStatus;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of locks, of which there may be many thousands. */
final class LocksTest {
  private final Rig rig = new Rig(1);

  // A task's result may have 256 KiB, and these rows have more.
  @ParameterizedTest
  @ValueSource(strings = {"reconcile", "clean"})
  void locks_that_nobody_holds_are_not_carried_along(String machine) {
    for (int i = 0; i < 6; i++) {
      rig.put(
          "LOCK",
          "endpoint/once-" + i,
          Map.of("fence", Map.of("N", "7"), "incident", Map.of("S", "x".repeat(100_000))));
    }
    rig.start(machine, Rig.json("{'detail':{'executionArn':'arn:gone','status':'FAILED'}}"));
    rig.time.advance(Duration.ofMinutes(1));
    assertThat(rig.all(machine).getFirst().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void a_lock_is_forgotten_in_the_end() {
    rig.mode("restart-endpoint", "auto");
    rig.endpoint("chat", 2);
    rig.errorsAlarm("chat");
    rig.world.condition("chat", "failing", Rig.json("{'invocationsPerMinute':60}"));
    rig.time.advance(Duration.ofHours(2));
    long ttl = rig.items("LOCK").getFirst().at("/ttl/N").asLong();
    assertThat(ttl).isGreaterThan(rig.time.instant().plus(Duration.ofDays(300)).getEpochSecond());
  }
}
