package dev.weir.statemachines;

import dev.weir.states.Coverage;
import dev.weir.states.definition.Edge;
import java.util.LinkedHashSet;
import java.util.Set;

/** Does something when a machine enters a state for the first time. */
final class Trap implements Coverage {
  private final String machine;
  private final Set<String> entered = new LinkedHashSet<>();
  private String state = "";
  private Runnable action = () -> {};

  Trap(String machine) {
    this.machine = machine;
  }

  void at(String name, Runnable what) {
    state = name;
    action = what;
  }

  /** The states that were entered. */
  Set<String> entered() {
    return entered;
  }

  @Override
  public void reached(String stateMachine, Edge edge) {
    if (stateMachine.equals(machine)
        && edge.kind() == Edge.Kind.ENTERED
        && entered.add(edge.state())
        && edge.state().equals(state)) {
      action.run();
    }
  }
}
