package dev.weir.statemachines.lint;

import dev.weir.states.definition.Flow;
import dev.weir.states.definition.State;
import dev.weir.states.definition.Template;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A way from one state to the next.
 *
 * @param caught whether an error leads this way
 * @param assign what is assigned on it
 */
record Transition(State from, String to, boolean caught, Map<String, Template> assign) {

  static Stream<Transition> of(Flow flow) {
    return flow.states().values().stream().flatMap(Transition::of);
  }

  static Stream<Transition> of(State state) {
    return switch (state) {
      case State.Choice choice ->
          Stream.concat(
              choice.rules().stream()
                  .map(rule -> new Transition(choice, rule.next(), false, rule.shape().assign())),
              choice.otherwise().stream()
                  .map(next -> new Transition(choice, next, false, choice.shape().assign())));
      case State.Recoverable recoverable ->
          Stream.concat(
              exit(recoverable, recoverable.exit()),
              recoverable.catchers().stream()
                  .map(catcher ->
                      new Transition(recoverable, catcher.next(), true, catcher.shape().assign())));
      case State.Pass pass -> exit(pass, pass.exit());
      case State.Wait wait -> exit(wait, wait.exit());
      case State.Succeed _, State.Fail _ -> Stream.empty();
    };
  }

  private static Stream<Transition> exit(State state, State.Exit exit) {
    return exit.next().stream()
        .map(next -> new Transition(state, next, false, exit.shape().assign()));
  }
}
