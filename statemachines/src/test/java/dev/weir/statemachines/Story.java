package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What happens to an account, and how it ends.
 *
 * @param time how long it is watched
 * @param rows the audit rows it leaves, in any order; of suppressed ones those of busy targets are
 *     left out, those of actions that nobody speaks of, and of equal ones all but one; of alarms
 *     that are only told those that nobody speaks of
 */
record Story(String name, Duration time, Consumer<Rig> told, List<String> rows) {
  private static final Duration LONG = Duration.ofHours(5);

  Story(String name, Duration time, Consumer<Rig> told, String... rows) {
    this(name, time, told, List.of(rows));
  }

  Story(String name, Consumer<Rig> told, List<String> rows) {
    this(name, LONG, told, rows);
  }

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
    rig.time.advance(time);
    return rig;
  }

  boolean endsAsTold(Rig rig) {
    List<String> left = new ArrayList<>();
    for (String row : rig.outcomes()) {
      boolean again = row.startsWith("SUPPRESSED") && left.contains(row);
      boolean off = row.equals("SUPPRESSED(OFF)") && !rows.contains(row);
      boolean alarm = row.equals("ESCALATED(ALARM)") && !rows.contains(row);
      if (!again && !off && !alarm && !row.equals("SUPPRESSED(BUSY)")) {
        left.add(row);
      }
    }
    return left.stream().sorted().toList().equals(rows.stream().sorted().toList());
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
