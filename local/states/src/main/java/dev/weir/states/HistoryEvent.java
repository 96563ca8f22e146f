package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;

/**
 * One event of an execution, as GetExecutionHistory returns it.
 *
 * @param id from 1, without gaps
 * @param previousEventId the event it follows; 0 for the first of a flow
 * @param details the event's own fields; payloads are JSON, not yet strings
 */
public record HistoryEvent(
    long id, long previousEventId, Instant timestamp, String type, ObjectNode details) {
  private static final Set<String> PAYLOADS = Set.of("input", "output", "parameters");

  /** The event in the API's shape: payloads as strings of JSON, times as seconds. */
  public ObjectNode toJson() {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("id", id);
    event.put("previousEventId", previousEventId);
    event.put("timestamp", timestamp.toEpochMilli() / 1000.0);
    event.put("type", type);
    if (details.isEmpty()) {
      return event;
    }
    ObjectNode rendered = event.putObject(detailsName());
    details.properties().forEach(field -> rendered.set(field.getKey(), field.getValue()));
    for (String name : PAYLOADS) {
      JsonNode payload = details.get(name);
      if (payload != null) {
        rendered.put(name, payload.toString());
      }
    }
    JsonNode assigned = details.get("assignedVariables");
    if (assigned != null) {
      ObjectNode variables = rendered.putObject("assignedVariables");
      assigned
          .properties()
          .forEach(variable -> variables.put(variable.getKey(), variable.getValue().toString()));
    }
    return event;
  }

  /** {@code stateEnteredEventDetails} for every type of state, else named after the type. */
  private String detailsName() {
    String general = type.replaceFirst("^[A-Za-z]+?State(Entered|Exited)$", "State$1");
    return Character.toLowerCase(general.charAt(0)) + general.substring(1) + "EventDetails";
  }
}
