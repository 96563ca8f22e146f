package dev.weir.states;

import dev.weir.states.definition.Edge;

/** Hears of every edge as it is taken. */
@FunctionalInterface
public interface Coverage {

  void reached(String stateMachine, Edge edge);
}
