package dev.weir.states.definition;

import java.util.Map;
import java.util.stream.Stream;

/** States and where they start: a machine, a branch of a Parallel state or a Map's processor. */
public record Flow(String startAt, Map<String, State> states) {

  /** Its states and those of the flows inside them, in the definition's order. */
  public Stream<State> all() {
    return states.values().stream()
        .flatMap(state -> Stream.concat(Stream.of(state), inside(state).flatMap(Flow::all)));
  }

  /** The flows directly inside a state. */
  public static Stream<Flow> inside(State state) {
    return switch (state) {
      case State.Parallel parallel -> parallel.branches().stream();
      case State.MapState map -> Stream.of(map.processor());
      case State.Pass _,
          State.Task _,
          State.Choice _,
          State.Wait _,
          State.Succeed _,
          State.Fail _ ->
          Stream.empty();
    };
  }
}
