package dev.weir.states.definition;

import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One way through a state that a test should have gone.
 *
 * @param state the state's name, unique in its machine
 * @param index which rule, retrier or catcher; 0 where there is only one
 */
public record Edge(String state, Kind kind, int index) {

  /** What happened at the state. */
  public enum Kind {
    /** It was entered. */
    ENTERED,
    /** A Choice took that rule. */
    CHOICE,
    /** A Choice took its default. */
    DEFAULT,
    /** That retrier started another attempt. */
    RETRY,
    /** That retrier matched and had no attempt left. */
    EXHAUSTED,
    /** That catcher took the error. */
    CATCH
  }

  static Stream<Edge> of(State state) {
    Stream<Edge> entered = Stream.of(new Edge(state.name(), Kind.ENTERED, 0));
    return Stream.concat(
        entered,
        switch (state) {
          case State.Choice choice ->
              Stream.concat(
                  indexed(choice, Kind.CHOICE, choice.rules().size()),
                  choice.otherwise().stream().map(_ -> new Edge(choice.name(), Kind.DEFAULT, 0)));
          case State.Recoverable recoverable ->
              Stream.concat(
                  IntStream.range(0, recoverable.retriers().size())
                      .boxed()
                      .flatMap(index -> retrier(recoverable, index)),
                  indexed(recoverable, Kind.CATCH, recoverable.catchers().size()));
          case State.Pass _, State.Wait _, State.Succeed _, State.Fail _ -> Stream.empty();
        });
  }

  private static Stream<Edge> retrier(State.Recoverable state, int index) {
    Edge exhausted = new Edge(state.name(), Kind.EXHAUSTED, index);
    return state.retriers().get(index).maxAttempts() == 0
        ? Stream.of(exhausted)
        : Stream.of(new Edge(state.name(), Kind.RETRY, index), exhausted);
  }

  private static Stream<Edge> indexed(State state, Kind kind, int count) {
    return IntStream.range(0, count).mapToObj(index -> new Edge(state.name(), kind, index));
  }

  @Override
  public String toString() {
    String what = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case ENTERED, DEFAULT -> state + " " + what;
      case CHOICE, RETRY, EXHAUSTED, CATCH -> state + " " + what + " " + index;
    };
  }
}
