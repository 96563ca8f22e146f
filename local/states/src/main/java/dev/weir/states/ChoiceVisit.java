package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import dev.weir.states.definition.Edge;
import dev.weir.states.definition.State;
import java.util.Optional;

final class ChoiceVisit extends Visit {
  private final State.Choice choice;

  ChoiceVisit(Branch branch, State.Choice choice, JsonNode input) {
    super(branch, choice, input);
    this.choice = choice;
  }

  @Override
  void begin() {
    for (int i = 0; i < choice.rules().size(); i++) {
      State.Rule rule = choice.rules().get(i);
      String field = "Choices[" + i + "]/";
      if (rule.condition()
          .evaluate(this, field + "Condition", JsonNodeType.BOOLEAN)
          .booleanValue()) {
        run().reached(choice, Edge.Kind.CHOICE, i);
        leave(rule.shape(), field, this, input(), Optional.of(rule.next()));
        return;
      }
    }
    if (choice.otherwise().isEmpty()) {
      throw new StateError(
          Failure.of(
              "States.NoChoiceMatched", cause("No choice matched and there is no Default.")));
    }
    run().reached(choice, Edge.Kind.DEFAULT, 0);
    leave(choice.shape(), "", this, input(), choice.otherwise());
  }
}
