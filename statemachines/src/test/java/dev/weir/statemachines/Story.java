package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What happens to an account within five hours, and how it ends.
 *
 * @param rows the audit rows it leaves, but for those of events that came twice
 */
record Story(String name, Consumer<Rig> told, List<String> rows) {
  private static final Duration LONG = Duration.ofHours(5);

  /** A story whose end is to be told, and why its plan acts. */
  record Begun(String name, String intent, Consumer<Rig> told) {

    /** It acts. */
    Story ends(String row) {
      return new Story(name, told, List.of("INTENT(" + intent + ")", row));
    }

    /** It does not, and a person is told. */
    Story refused(String reason) {
      return instead("ESCALATED(" + reason + ")");
    }

    /** It does not. */
    Story instead(String row) {
      return new Story(name, told, List.of(row));
    }
  }

  /** Lets it happen, and time pass. */
  Rig play(Rig rig) {
    told.accept(rig);
    rig.time.advance(LONG);
    return rig;
  }

  boolean endsAsTold(Rig rig) {
    return rows.equals(
        rig.outcomes().stream().filter(row -> !row.equals("SUPPRESSED(BUSY)")).toList());
  }

  static Stream<DynamicTest> tests(Stream<Story> all) {
    return all.map(each -> DynamicTest.dynamicTest(each.name, each::check));
  }

  private void check() {
    Rig rig = play(new Rig(1));
    assertThat(endsAsTold(rig)).as("%s, not %s", rig.outcomes(), rows).isTrue();
  }

  /** One of many, played. */
  static Rig played(Stream<Story> all, String name) {
    return all.filter(story -> story.name.equals(name)).findFirst().orElseThrow().play(new Rig(1));
  }
}
