package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import dev.weir.states.definition.State;
import dev.weir.states.definition.Template;
import java.util.Optional;

final class FailVisit extends Visit {
  private final State.Fail fail;

  FailVisit(Branch branch, State.Fail fail, JsonNode input) {
    super(branch, fail, input);
    this.fail = fail;
  }

  @Override
  void begin() {
    branch().failed(new Failure(text(fail.error(), "Error"), text(fail.cause(), "Cause"), false));
  }

  private Optional<String> text(Optional<Template> field, String name) {
    return field.map(template -> template.evaluate(this, name, JsonNodeType.STRING).textValue());
  }
}
