package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.states.definition.State;
import java.util.Map;
import java.util.Optional;

final class SucceedVisit extends Visit {
  private final State.Succeed succeed;

  SucceedVisit(Branch branch, State.Succeed succeed, JsonNode input) {
    super(branch, succeed, input);
    this.succeed = succeed;
  }

  @Override
  void begin() {
    State.Shape shape = new State.Shape(Map.of(), succeed.output());
    leave(shape, "", this, input(), Optional.empty());
  }
}
