package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.weir.states.ExecutionDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays each scenario here, and writes down what ministack has to do likewise, and what TestState
 * has to say of each way out of a task.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScenariosTest {
  private static final Path HISTORIES = Path.of("target/histories");

  private static final Path FIXTURES = Path.of("target/fixtures");

  private final TestStates states = new TestStates();

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void ends_as_it_says(Scenario scenario) throws IOException {
    Rig rig = Rig.forEndpoints("weir-");
    rig.functions.put(
        "forecast", _ -> Rig.json("{'forecast':'INSUFFICIENT','observedDays':0,'neededDays':60}"));
    rig.functions.put(
        "drift", _ -> Rig.json("{'outcome':'JOB_FAILED','reason':'no bucket is captured to'}"));
    List<String> begun = scenario.play(rig);
    ArrayNode recorded = Rig.JSON.createArrayNode();
    begun.forEach(execution -> recorded.addAll(Recording.of(rig, execution)));

    begun.stream()
        .flatMap(execution -> Recording.family(rig, execution).stream())
        .forEach(execution -> states.add(scenario.name(), rig, execution));
    write(HISTORIES.resolve(scenario.name() + ".json"), recorded);
    ExecutionDescription last = rig.describe(begun.getLast());
    JsonNode end = last.output().orElseThrow();
    assertThat(
            scenario.isByItself()
                ? last.status().name()
                : end.path("outcome").asText() + " " + end.path("reason").asText())
        .isEqualTo(scenario.ending());
    assertThat(Stage.says(end, scenario.says())).as("%s", end).isTrue();
  }

  @AfterAll
  void export() throws IOException {
    for (var fixture : states.fixtures().entrySet()) {
      write(FIXTURES.resolve(fixture.getKey() + ".json"), fixture.getValue());
    }
  }

  private static void write(Path file, JsonNode json) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, json.toPrettyString() + "\n");
  }
}
