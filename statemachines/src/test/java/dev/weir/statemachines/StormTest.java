package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.definition.Definition;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many storms: what must hold holds after each; and without the guard's parts it does not. */
final class StormTest {
  private static final long STORMS = Long.getLong("storms", 400);
  private static final long FIRST = Long.getLong("storms.first", 1);

  @Test
  void what_must_hold_holds_after_every_storm() {
    List<String> broke = storms(Machines.all(), STORMS);
    broke.stream().limit(10).forEach(System.out::println);
    System.out.printf("%,d storms, %d broke a rule%n", STORMS, broke.size());
    assertThat(broke).isEmpty();
  }

  @Test
  void without_the_lease_it_does_not() {
    assertThat(
            broken(
                "Lock",
                "(attribute_not_exists(#owner) OR #owner = :me OR leaseUntil < :now)",
                "(attribute_not_exists(#owner) OR #owner = :me OR leaseUntil > :zero OR leaseUntil < :now)"))
        .contains("P1");
  }

  @Test
  void without_cooldown_and_attempts_it_does_not() {
    assertThat(
            broken(
                "Attempts",
                "$count($recent) >= $limits.attempts",
                "$count($recent) >= 1000 + $limits.attempts"))
        .contains("P2");
  }

  /** What the storms say of the guard with a part of it put out of order. */
  private static String broken(String what, String part, String instead) {
    List<Machines.Machine> machines =
        Machines.all().stream()
            .map(machine ->
                machine.name().equals("weir-guard") ? without(machine, part, instead) : machine)
            .toList();
    List<String> broke = storms(machines, 60);
    System.out.printf("without %s: %d of 60 storms break a rule%n", what, broke.size());
    return String.join("\n", broke);
  }

  private static Machines.Machine without(Machines.Machine machine, String part, String instead) {
    String text = machine.text().replace(part, instead);
    assertThat(text).as("the part is there").isNotEqualTo(machine.text());
    return new Machines.Machine(machine.name(), text, Definition.read(text));
  }

  private static List<String> storms(List<Machines.Machine> machines, long number) {
    return LongStream.range(FIRST, FIRST + number)
        .parallel()
        .mapToObj(seed -> storm(seed, machines))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> storm(long seed, List<Machines.Machine> machines) {
    try {
      Rig rig = new Rig(seed, (_, _) -> {}, machines);
      Storm storm = new Storm(seed, rig);
      storm.play();
      Invariants invariants = new Invariants(rig);
      invariants.hold();
      invariants.everythingComesToAnEnd(storm.endpoints());
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of("storm " + seed + ": " + e);
    }
  }
}
