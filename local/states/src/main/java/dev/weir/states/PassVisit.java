package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.definition.State;

final class PassVisit extends Visit {
  private final State.Pass pass;

  PassVisit(Branch branch, State.Pass pass, JsonNode input) {
    super(branch, pass, input);
    this.pass = pass;
  }

  @Override
  void begin() {
    leave(pass.exit().shape(), "", this, input(), pass.exit().next());
  }
}
