package dev.weir.states.definition;

import dev.weir.states.definition.InvalidDefinitionException.Refusal;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a definition, gathered so that all of it is told at once. */
final class Refusals {
  private final List<Refusal> all = new ArrayList<>();

  void add(String location, String message) {
    all.add(new Refusal(location, message));
  }

  /**
   * @throws InvalidDefinitionException if there are any
   */
  void end() {
    if (!all.isEmpty()) {
      throw new InvalidDefinitionException(all);
    }
  }
}
