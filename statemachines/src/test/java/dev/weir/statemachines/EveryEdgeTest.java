package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.CoverageTable;
import dev.weir.states.definition.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plays every scenario as it is, then breaks every call in it in each way its state provides for,
 * and shows that this takes every edge of every machine and that the invariants hold after each.
 */
final class EveryEdgeTest {
  private static final int EVER = Integer.MAX_VALUE;

  private final CoverageTable coverage = new CoverageTable(Machines.definitions());
  private final List<String> broke = new ArrayList<>();
  private final Set<Cable.Place> broken = new HashSet<>();
  private int played;

  private static List<Scenario> scenarios() {
    return Stream.of(GuardScenarios.all(), RestartEndpointScenarios.all())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void every_edge_is_taken_and_what_must_hold_holds_after_each_story() {
    for (Scenario scenario : scenarios()) {
      Rig rig = play(scenario, _ -> {});
      System.out.println("story " + scenario.name() + ": " + rig.outcomes());
      for (Cable.Place place : List.copyOf(rig.cable.seen())) {
        if (broken.add(place)) {
          breakAt(scenario, place);
        }
      }
    }
    broke.forEach(System.out::println);
    System.out.println(coverage.table());
    System.out.println(played + " stories");
    coverage.missed().forEach(edge -> System.out.println("missed " + edge));
    assertThat(broke).isEmpty();
    assertThat(coverage.missed()).isEmpty();
  }

  private void breakAt(Scenario scenario, Cable.Place place) {
    for (int times : new int[] {1, EVER}) {
      play(scenario, cable -> cable.at(place, times, Optional.empty()));
      for (String error : errors(place)) {
        play(scenario, cable -> cable.at(place, times, Optional.of(error)));
      }
    }
  }

  /** The errors a state names, and one that nobody names. */
  private Set<String> errors(Cable.Place place) {
    Set<String> errors = new LinkedHashSet<>(Set.of("Some.Error"));
    Machines.named(place.machine())
        .definition()
        .flow()
        .all()
        .filter(state -> state.name().equals(place.state()))
        .forEach(state -> {
          if (state instanceof State.Recoverable recoverable) {
            recoverable.retriers().forEach(retrier -> errors.addAll(retrier.errors()));
            recoverable.catchers().forEach(catcher -> errors.addAll(catcher.errors()));
          }
        });
    // Who is told that it was done already must be able to rely on it.
    errors.removeIf(error ->
        error.startsWith("States.")
            || place.state().equals("Escalate") && error.contains("AlreadyExists"));
    return errors;
  }

  private Rig play(Scenario scenario, Consumer<Cable> fault) {
    played++;
    Rig rig = new Rig(played, coverage);
    fault.accept(rig.cable);
    try {
      scenario.play(rig);
      new Invariants(rig).hold();
    } catch (RuntimeException | AssertionError e) {
      broke.add("%s with %s: %s".formatted(scenario.name(), rig.cable, e));
    }
    return rig;
  }
}
