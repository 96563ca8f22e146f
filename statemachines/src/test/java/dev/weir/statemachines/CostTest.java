package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the machines cost while nothing happens, as {@code docs/cost.md} has it. */
final class CostTest {
  private final Rig rig = new Rig(1);

  private int transitions(String machine, JsonNode input) {
    String arn = rig.start(machine, input);
    rig.time.advance(Duration.ofMinutes(3));
    return rig.way(arn).size();
  }

  @Test
  void the_reconciler_takes_as_many_state_transitions_as_is_said() throws IOException {
    assertThat(Files.readString(Path.of("../docs/cost.md")))
        .contains(
            "The reconciler, every 5 minutes | %d state transitions;"
                .formatted(transitions("reconcile", Rig.json("{}"))));
  }

  @Test
  void a_sweep_of_nothing_takes_as_many_as_is_said() throws IOException {
    assertThat(Files.readString(Path.of("../docs/cost.md")))
        .contains(
            "| %d state transitions each where nothing runs"
                .formatted(transitions("sweep", Sweeper.schedule("notebook-instance"))));
  }
}
