package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.states.CoverageTable;
import dev.weir.states.Tasks;
import dev.weir.states.definition.Definition;
import dev.weir.states.definition.State;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Plays every story of releases and rollbacks, and the first in which a call is made again with
 * that call broken: once, which nobody notices, and for ever, which leaves no lock.
 */
final class ReleaseEdgesTest {

  @Test
  void a_deployment_takes_every_way_and_its_calls_may_fail() {
    takesEveryWay("weir-act-deploy-endpoint", DeployEndpointStories.all());
  }

  @Test
  void a_rollback_takes_every_way_and_its_calls_may_fail() {
    takesEveryWay("weir-act-rollback-endpoint", RollbackEndpointStories.all());
  }

  private static void takesEveryWay(String machine, Stream<Story> stories) {
    Map<String, String> errors = errors(Machines.definitions().get(machine));
    CoverageTable coverage = new CoverageTable(only(machine));
    Set<String> broken = new HashSet<>();
    for (Story story : stories.toList()) {
      for (String state : calls(machine, story, new Rig(1, coverage))) {
        if (broken.add(state)) {
          String error = errors.get(state);
          Rig once = broken(machine, state, 1, error, story, coverage);
          assertThat(story.endsAsTold(once)).as("%s: %s fails once", story.name(), state).isTrue();
          Rig ever = broken(machine, state, Integer.MAX_VALUE, error, story, coverage);
          assertThat(ever.items("LOCK")).as("after %s", state).noneMatch(lock -> lock.has("owner"));
        }
      }
    }
    assertThat(coverage.missed()).isEmpty();
    assertThat(broken).containsAll(errors.keySet());
  }

  private static Map<String, Definition> only(String machine) {
    return Map.of(machine, Machines.definitions().get(machine));
  }

  private static Rig broken(
      String machine, String state, int times, String error, Story story, CoverageTable coverage) {
    Rig rig = new Rig(1, coverage);
    rig.cable.fail(
        call -> of(machine, call) && call.state().equals(state),
        times,
        error,
        "Rate exceeded (Status Code: 400)");
    return story.play(rig);
  }

  /** The states of the machine that make calls in a story. */
  private static Set<String> calls(String machine, Story story, Rig rig) {
    Set<String> states = new LinkedHashSet<>();
    rig.cable.fail(
        call -> {
          if (of(machine, call)) {
            states.add(call.state());
          }
          return false;
        },
        1,
        "",
        "");
    story.play(rig);
    return states;
  }

  private static boolean of(String machine, Tasks.Call call) {
    return call.executionArn().contains(":" + machine + ":");
  }

  /** For each state with a call the first error that it tries again, or that of the service. */
  private static Map<String, String> errors(Definition definition) {
    Map<String, String> errors = new HashMap<>();
    definition
        .flow()
        .all()
        .forEach(state -> {
          if (state instanceof State.Task task) {
            List<String> retried =
                task.retriers().stream().flatMap(each -> each.errors().stream()).toList();
            errors.put(
                task.name(),
                retried.isEmpty() ? "SageMaker.SageMakerException" : retried.getFirst());
          }
        });
    return errors;
  }
}
