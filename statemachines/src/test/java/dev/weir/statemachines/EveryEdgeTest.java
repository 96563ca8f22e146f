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
 * Plays every story as it is, then breaks every call in it in each way its state provides for, and
 * shows that this takes every edge of every machine and that the invariants hold after each.
 */
final class EveryEdgeTest {
  private static final int EVER = Integer.MAX_VALUE;

  private final CoverageTable coverage = new CoverageTable(Machines.definitions());
  private final List<String> broke = new ArrayList<>();
  private final Set<Cable.Place> broken = new HashSet<>();
  private int played;

  private static List<Story> stories() {
    return Stream.of(
            GuardStories.all().stream(),
            ApprovalStories.all().stream(),
            RestartEndpointStories.all().stream(),
            DeployEndpointStories.all(),
            RollbackEndpointStories.all(),
            ScaleOutStories.all(),
            StopStories.all(),
            ParkStories.all(),
            SweepStories.all(),
            RetrainStories.all(),
            CloseDriftStories.all(),
            OptimizeModelStories.all(),
            WatchDriftStories.all(),
            BudgetStories.all(),
            ReportStories.all())
        .flatMap(all -> all)
        .toList();
  }

  @Test
  void every_edge_is_taken_and_what_must_hold_holds_after_each_story() {
    for (Story story : stories()) {
      Rig rig = play(story, new Rig(1, coverage));
      if (!story.endsAsTold(rig)) {
        broke.add("%s ends %s, not %s".formatted(story.name(), rig.outcomes(), story.rows()));
      }
      for (Cable.Place place : List.copyOf(rig.cable.seen())) {
        if (broken.add(place)) {
          breakAt(story, place);
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

  private void breakAt(Story story, Cable.Place place) {
    for (int times : new int[] {1, EVER}) {
      play(story, cable -> cable.at(place, times, Optional.empty()));
      for (String error : errors(place)) {
        play(story, cable -> cable.at(place, times, Optional.of(error)));
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
            || place.state().equals("Escalate") && error.contains("AlreadyExists")
            || place.state().equals("Note") && error.contains("ConditionalCheckFailed"));
    return errors;
  }

  private void play(Story story, Consumer<Cable> fault) {
    Rig rig = new Rig(played, coverage);
    fault.accept(rig.cable);
    play(story, rig);
  }

  private Rig play(Story story, Rig rig) {
    played++;
    try {
      story.play(rig);
      new Invariants(rig).hold();
    } catch (RuntimeException | AssertionError e) {
      broke.add("%s with %s: %s".formatted(story.name(), rig.cable, e));
    }
    return rig;
  }
}
