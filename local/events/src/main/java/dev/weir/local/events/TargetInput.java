package dev.weir.local.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a target gets of an event. */
sealed interface TargetInput permits TargetInput.Part, TargetInput.Constant, InputTransformer {

  /** The payload for an event that this rule selected and the bus took at this time (ISO 8601). */
  JsonNode payload(ObjectNode event, String ruleName, String ruleArn, String ingested);

  /** What is at this path, the whole event at {@code $}. */
  record Part(EventPath path) implements TargetInput {
    @Override
    public JsonNode payload(ObjectNode event, String ruleName, String ruleArn, String ingested) {
      return path.in(event);
    }
  }

  /** The same for every event. */
  record Constant(JsonNode value) implements TargetInput {
    @Override
    public JsonNode payload(ObjectNode event, String ruleName, String ruleArn, String ingested) {
      return value;
    }
  }
}
