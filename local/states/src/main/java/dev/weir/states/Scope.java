package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of one flow: it reads those of the flows around it, and they never see its own. */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, JsonNode> variables = new HashMap<>();

  Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  Optional<JsonNode> lookup(String name) {
    JsonNode value = variables.get(name);
    return value == null ? outer.flatMap(scope -> scope.lookup(name)) : Optional.of(value);
  }

  void assign(Map<String, JsonNode> values) {
    variables.putAll(values);
  }
}
