package dev.weir.states.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What an expression may refer to while it is evaluated. */
public interface Environment {

  /** The value of a workflow variable, named without the dollar sign. */
  Optional<JsonNode> variable(String name);

  /** {@code $states.<field>}: input, result, errorOutput or context. */
  Optional<JsonNode> states(String field);

  /** The functions Step Functions adds to JSONata. */
  Functions functions();
}
