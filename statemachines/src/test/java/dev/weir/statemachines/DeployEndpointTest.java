package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.statemachines.DeployEndpointScenarios.Ended;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class DeployEndpointTest {

  @TestFactory
  Stream<DynamicTest> each_release_ends_as_it_should() {
    return Stream.of(
            DeployEndpointScenarios.ways(),
            DeployEndpointScenarios.refusedRequests(),
            DeployEndpointScenarios.refusedTargets(),
            DeployEndpointScenarios.badReleases(),
            DeployEndpointScenarios.troubles(),
            DeployEndpointScenarios.halts())
        .flatMap(List::stream)
        .map(each -> DynamicTest.dynamicTest(each.scenario().name(), () -> ends(each)));
  }

  private static void ends(Ended ended) {
    Rig rig = ended.scenario().play(new Rig(1));
    assertThat(rig.outcomes())
        .filteredOn(row -> !row.equals("SUPPRESSED(BUSY)"))
        .containsExactlyElementsOf(ended.rows());
  }
}
