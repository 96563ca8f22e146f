package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A scenario and its end.
 *
 * @param rows the audit rows it leaves, but for those of events that came twice
 */
record Ended(Scenario scenario, List<String> rows) {

  /** A scenario whose end is to be told, and why its plan acts. */
  record Begun(Scenario scenario, String intent) {

    /** It acts. */
    Ended ends(String row) {
      return new Ended(scenario, List.of("INTENT(" + intent + ")", row));
    }

    /** It does not, and a person is told. */
    Ended refused(String reason) {
      return instead("ESCALATED(" + reason + ")");
    }

    /** It does not. */
    Ended instead(String row) {
      return new Ended(scenario, List.of(row));
    }
  }

  static Stream<DynamicTest> tests(Stream<Ended> all) {
    return all.map(each -> DynamicTest.dynamicTest(each.scenario.name(), each::check));
  }

  private void check() {
    Rig rig = scenario.play(new Rig(1));
    assertThat(rig.outcomes())
        .filteredOn(row -> !row.equals("SUPPRESSED(BUSY)"))
        .containsExactlyElementsOf(rows);
  }
}
