package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.ExecutionDescription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Executions as the check of the second engine reads them (.ci/checks/engines.py). */
final class Recording {
  private Recording() {}

  /** The execution and all that follow from it, each with its states, inputs and outputs. */
  static ArrayNode of(Rig rig, String execution) {
    ArrayNode recorded = Rig.JSON.createArrayNode();
    for (String arn : family(rig, execution)) {
      ObjectNode one = recorded.addObject();
      one.put("machine", machine(rig.describe(arn)).substring(Machines.STACK.length() + 1));
      end(one, rig.describe(arn));
      one.set("steps", steps(rig, arn));
    }
    return recorded;
  }

  /** The execution and all that it and its like started, in this order. */
  static Set<String> family(Rig rig, String execution) {
    Set<String> family = new LinkedHashSet<>();
    Deque<String> waiting = new ArrayDeque<>(List.of(execution));
    while (!waiting.isEmpty()) {
      String arn = waiting.remove();
      if (family.add(arn)) {
        for (JsonNode event : events(rig, arn)) {
          JsonNode details = event.path("taskSucceededEventDetails");
          if (details.path("resource").asText().equals("startExecution")) {
            waiting.add(output(event, "taskSucceeded").path("ExecutionArn").asText());
          }
        }
      }
    }
    return family;
  }

  /** The history in the API's shape. */
  static ArrayNode events(Rig rig, String execution) {
    ArrayNode events = Rig.JSON.createArrayNode();
    rig.account
        .machines()
        .getExecutionHistory(execution)
        .forEach(event -> events.add(event.toJson()));
    return events;
  }

  static String machine(ExecutionDescription execution) {
    String arn = execution.stateMachineArn();
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  static JsonNode output(JsonNode event, String details) {
    return json(event.path(details + "EventDetails").path("output").asText());
  }

  static JsonNode json(String text) {
    try {
      return Rig.JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static void end(ObjectNode one, ExecutionDescription ended) {
    one.put("status", ended.status().name());
    ended.output().ifPresent(output -> one.set("output", output));
    ended.error().ifPresent(error -> one.put("error", error));
  }

  /** Of the outermost states only: the other engine records no others. */
  private static ArrayNode steps(Rig rig, String execution) {
    String text = Machines.texts().get(machine(rig.describe(execution)));
    JsonNode outermost = json(String.valueOf(text)).path("States");
    ArrayNode steps = Rig.JSON.createArrayNode();
    for (JsonNode event : events(rig, execution)) {
      JsonNode entered = event.path("stateEnteredEventDetails");
      JsonNode exited = event.path("stateExitedEventDetails");
      if (outermost.has(entered.path("name").asText())) {
        ObjectNode step = steps.addObject().put("state", entered.path("name").asText());
        step.set("input", json(entered.path("input").asText()));
      } else if (outermost.has(exited.path("name").asText())) {
        ObjectNode step = (ObjectNode) steps.get(steps.size() - 1);
        step.set("output", output(event, "stateExited"));
      }
    }
    return steps;
  }
}
