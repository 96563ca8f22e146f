package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays each scenario here, and writes down what ministack has to do likewise. */
final class ScenariosTest {
  private static final Path HISTORIES = Path.of("target/histories");

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void ends_as_it_says(Scenario scenario) throws IOException {
    Rig rig = new Rig(1);
    List<String> begun = scenario.play(rig);
    ArrayNode recorded = Rig.JSON.createArrayNode();
    begun.forEach(execution -> recorded.addAll(Recording.of(rig, execution)));

    Files.createDirectories(HISTORIES);
    Files.writeString(
        HISTORIES.resolve(scenario.name() + ".json"), recorded.toPrettyString() + "\n");
    JsonNode end = rig.describe(begun.getLast()).output().orElseThrow();
    assertThat(end.path("outcome").asText() + " " + end.path("reason").asText())
        .isEqualTo(scenario.ending());
  }
}
