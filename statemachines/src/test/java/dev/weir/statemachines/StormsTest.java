package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many storms: what must hold holds after each; and without the machines' parts it does not. */
final class StormsTest {
  private static final long STORMS = Long.getLong("storms", 60);
  private static final long FIRST = Long.getLong("storms.seed", 1);
  private static final long CONTROLS = 150;

  private record Broken(long seed, Property property, String how) {}

  @Test
  void what_must_hold_holds_after_every_storm() {
    List<Broken> broken =
        LongStream.range(FIRST, FIRST + STORMS)
            .parallel()
            .mapToObj(StormsTest::broken)
            .flatMap(List::stream)
            .toList();
    System.out.printf("%,d storms, the first of seed %d%n", STORMS, FIRST);
    for (Property property : Property.values()) {
      long breaks = broken.stream().filter(each -> each.property() == property).count();
      System.out.printf("%-4s %-86s %,8d %6d%n", property, property.says(), STORMS, breaks);
    }
    broken.stream().limit(40).forEach(System.out::println);
    assertThat(broken).isEmpty();
  }

  private static List<Broken> broken(long seed) {
    List<Broken> broken = new ArrayList<>();
    Aftermath after = new Aftermath(new Storm(seed, Machines.all()).play());
    for (Property property : Property.values()) {
      try {
        property.check(after);
      } catch (RuntimeException | AssertionError e) {
        broken.add(new Broken(seed, property, e.toString().replaceAll("\\s+", " ")));
      }
    }
    return broken;
  }

  static Stream<Control> controls() {
    return Control.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("controls")
  void without_a_part_of_the_machines_a_property_breaks(Control control) {
    List<Machines.Machine> machines = control.machines();
    OptionalLong seed =
        LongStream.rangeClosed(1, CONTROLS)
            .parallel()
            .filter(each -> breaks(control, new Storm(each, machines)))
            .findAny();
    System.out.printf(
        "without %-40s %-3s breaks in storm %s%n",
        control.name(), control.property(), seed.isPresent() ? seed.getAsLong() : "none");
    assertThat(seed).isPresent();
    assertThat(breaks(control, new Storm(seed.getAsLong(), Machines.all())))
        .as("with it, too")
        .isFalse();
  }

  @Test
  void every_property_is_seen_to_break() {
    assertThat(controls().map(Control::property)).contains(Property.values());
  }

  private static boolean breaks(Control control, Storm storm) {
    try {
      control.property().check(new Aftermath(control.weather().apply(storm).play()));
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }
}
