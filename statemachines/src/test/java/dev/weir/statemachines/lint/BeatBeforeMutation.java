package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import dev.weir.states.definition.Resource;
import dev.weir.states.definition.State;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An action machine changes a resource only while it surely holds the lease: on every way to the
 * call, Beat has succeeded since the last change or wait. While it plans it changes nothing.
 */
record BeatBeforeMutation() implements Rule {
  private static final Set<String> REPAIRED = Set.of("sagemaker", "applicationautoscaling");
  private static final Set<String> LEASED = Set.of("leased");
  private static final Known PLANS = new Known(Map.of("phase", "plan"), Set.of());
  private static final Known ACTS = new Known(Map.of("phase", "act"), Set.of());

  @Override
  public Stream<Finding> check(Machine machine) {
    return machine.acts()
        ? Stream.concat(
            unleased(machine.definition().flow(), PLANS, Set.of(), "The plan changes the resource"),
            unleased(
                machine.definition().flow(),
                ACTS,
                Set.of(),
                "The resource is changed on a way on which Beat has not just succeeded"))
        : Stream.empty();
  }

  private Stream<Finding> unleased(Flow flow, Known known, Set<String> first, String message) {
    Map<String, Set<String>> entry = OnEveryWay.hold(flow, known, first, BeatBeforeMutation::after);
    return flow.states().values().stream()
        .filter(state -> entry.containsKey(state.name()))
        .flatMap(state -> {
          Set<String> holds = entry.getOrDefault(state.name(), Set.of());
          return Stream.concat(
              repairs(state) && holds.isEmpty()
                  ? Stream.of(finding(state.name(), message))
                  : Stream.empty(),
              Flow.inside(state).flatMap(inside -> unleased(inside, known, holds, message)));
        });
  }

  private static Set<String> after(Transition transition, Set<String> before) {
    State from = transition.from();
    if (from.name().equals(Machine.BEAT)) {
      return transition.caught() ? Set.of() : LEASED;
    }
    return switch (from) {
      case State.Wait _ -> Set.of();
      case State.Task task ->
          repairs(task) || task.resource().waitForTaskToken() ? Set.of() : before;
      case State.Parallel _, State.MapState _ -> loses(from) ? Set.of() : before;
      case State.Pass _, State.Choice _, State.Succeed _, State.Fail _ -> before;
    };
  }

  /** Whether something inside a state changes the resource or waits. */
  private static boolean loses(State state) {
    return Flow.inside(state)
        .flatMap(Flow::all)
        .anyMatch(inside -> repairs(inside) || inside instanceof State.Wait);
  }

  private static boolean repairs(State state) {
    return state instanceof State.Task task && repairs(task.resource());
  }

  private static boolean repairs(Resource resource) {
    return REPAIRED.contains(resource.service()) && Machine.mutates(resource);
  }
}
