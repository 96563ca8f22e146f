package dev.weir.statemachines.lint;

import java.util.stream.Stream;

/** One thing that machines must keep; its name is its class's. */
interface Rule {

  Stream<Finding> check(Machine machine);

  default Finding finding(String state, String message) {
    return new Finding(state, getClass().getSimpleName(), message);
  }
}
