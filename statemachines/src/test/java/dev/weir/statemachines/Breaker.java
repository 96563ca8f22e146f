package dev.weir.statemachines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.CoverageTable;
import dev.weir.states.ExecutionStatus;
import dev.weir.states.Tasks;
import dev.weir.states.definition.Definition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Lets each call of a machine fail in every way the machine is prepared for, in each scenario. */
final class Breaker {
  private static final List<Fault> USUAL =
      List.of(
          new Fault("Service.ServiceException", "Rate exceeded (Status Code: 400)"),
          new Fault("Service.ServiceException", "User is not authorized (Status Code: 400)"),
          new Fault("Service.ServiceException", "Could not find it (Status Code: 400)"));

  private final String machine;
  private final CoverageTable coverage;
  private final List<Consumer<Sweeper>> scenarios = new ArrayList<>();
  private final Consumer<Rig> invariant;

  private record Fault(String error, String cause) {}

  Breaker(String machine, Consumer<Rig> invariant) {
    this.machine = machine;
    this.invariant = invariant;
    coverage = new CoverageTable(Map.of(machine, Definition.read(text(machine))));
  }

  private static String text(String machine) {
    return Objects.requireNonNull(Machines.texts().get(machine));
  }

  Breaker with(Consumer<Sweeper> scenario) {
    scenarios.add(scenario);
    return this;
  }

  /** Runs all of them whole and broken; the edges that were never taken. */
  List<String> missed() {
    Set<String> broken = new LinkedHashSet<>();
    for (Consumer<Sweeper> scenario : scenarios) {
      Set<String> called = new LinkedHashSet<>();
      run(scenario, call -> called.add(call.state()) && false, 1, USUAL.getFirst());
      called.removeAll(broken);
      broken.addAll(called);
      for (String state : called) {
        for (Fault fault : faults(state)) {
          run(scenario, call -> call.state().equals(state), 1, fault);
          run(scenario, call -> call.state().equals(state), Integer.MAX_VALUE, fault);
        }
      }
    }
    return coverage.missed();
  }

  private void run(
      Consumer<Sweeper> scenario, Predicate<Tasks.Call> which, int times, Fault fault) {
    Sweeper sweeper = new Sweeper(new Rig(1, coverage));
    sweeper.rig.cable.fail(
        call -> call.executionArn().contains(":" + machine + ":") && which.test(call),
        times,
        fault.error(),
        fault.cause());
    scenario.accept(sweeper);
    for (String execution : sweeper.rig.executions) {
      assertThat(sweeper.rig.describe(execution).status()).isNotEqualTo(ExecutionStatus.RUNNING);
    }
    invariant.accept(sweeper.rig);
  }

  /** The first error of each retrier and catcher, and what services usually say. */
  private List<Fault> faults(String state) {
    List<Fault> faults = new ArrayList<>(USUAL);
    ObjectNode definition = find(state);
    for (String member : List.of("Retry", "Catch")) {
      for (JsonNode each : definition.path(member)) {
        String error = each.path("ErrorEquals").path(0).asText();
        if (!error.equals("States.ALL")) {
          faults.add(new Fault(error, "as ordered"));
        }
      }
    }
    return faults;
  }

  private ObjectNode find(String state) {
    try {
      return (ObjectNode) Rig.JSON.readTree(text(machine)).findValue(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
