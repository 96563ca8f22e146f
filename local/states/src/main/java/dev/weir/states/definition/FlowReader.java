package dev.weir.states.definition;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads StartAt and States, and sees that every transition leads somewhere. */
final class FlowReader {
  private static final int LONGEST_NAME = 80;

  private FlowReader() {}

  static Flow read(ObjectReader reader) {
    String startAt = reader.requiredText("StartAt");
    ObjectReader states = reader.requiredObject("States");
    Map<String, State> read = new LinkedHashMap<>();
    for (String name : states.names()) {
      if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
        states.refuse(name, "State names have at most 80 characters");
      }
      read.put(name, StateReader.read(name, states.requiredObject(name)));
    }
    if (!read.containsKey(startAt)) {
      reader.refuse("StartAt", "There is no state '" + startAt + "' here");
    }
    Flow flow = new Flow(startAt, read);
    targets(flow, states);
    return flow;
  }

  private static void targets(Flow flow, ObjectReader states) {
    for (State state : flow.states().values()) {
      successors(state)
          .filter(target -> !flow.states().containsKey(target))
          .forEach(
              target -> states.refuse(state.name(), "There is no state '" + target + "' here"));
    }
    Set<String> reached = reachable(flow);
    for (String name : flow.states().keySet()) {
      if (!reached.contains(name)) {
        states.refuse(name, "The state cannot be reached");
      }
    }
  }

  private static Set<String> reachable(Flow flow) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of(flow.startAt()));
    while (!open.isEmpty()) {
      String name = open.pop();
      Optional<State> state = Optional.ofNullable(flow.states().get(name));
      if (state.isPresent() && reached.add(name)) {
        successors(state.get()).forEach(open::push);
      }
    }
    return reached;
  }

  private static Stream<String> successors(State state) {
    return switch (state) {
      case State.Choice choice ->
          Stream.concat(choice.rules().stream().map(State.Rule::next), choice.otherwise().stream());
      case State.Recoverable recoverable ->
          Stream.concat(
              recoverable.exit().next().stream(),
              recoverable.catchers().stream().map(State.Catcher::next));
      case State.Pass pass -> pass.exit().next().stream();
      case State.Wait wait -> wait.exit().next().stream();
      case State.Succeed _, State.Fail _ -> Stream.empty();
    };
  }
}
