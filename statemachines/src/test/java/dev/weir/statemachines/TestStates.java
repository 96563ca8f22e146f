package dev.weir.statemachines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What Task states were given and answered in the scenarios, in the words of Step Functions'
 * TestState, so that a real account can be asked whether it agrees. Each way out of a state is
 * taken once.
 */
final class TestStates {
  private final Map<String, ArrayNode> fixtures = new TreeMap<>();
  private final Set<List<String>> known = new HashSet<>();

  /** Fixtures by machine. */
  Map<String, ArrayNode> fixtures() {
    return fixtures;
  }

  /** Takes what an execution's tasks did. */
  void add(String scenario, Rig rig, String execution) {
    String machine = Recording.machine(rig.describe(execution));
    JsonNode states = Recording.json(String.valueOf(Machines.texts().get(machine))).path("States");
    ArrayNode events = Recording.events(rig, execution);
    ObjectNode variables = Rig.JSON.createObjectNode();
    ObjectNode fixture = Rig.JSON.createObjectNode();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i);
      String type = event.path("type").asText();
      if (type.equals("TaskStateEntered")) {
        JsonNode entered = event.path("stateEnteredEventDetails");
        fixture = begun(scenario, states.path(entered.path("name").asText()), entered, variables);
      } else if (type.equals("TaskSucceeded")) {
        fixture.putObject("mock").put("fieldValidationMode", "STRICT");
        fixture.withObject("/mock").set("result", Recording.output(event, "taskSucceeded"));
      } else if (type.equals("TaskFailed") || type.equals("TaskTimedOut")) {
        failed(fixture, event.path(type.replaceFirst("T", "t") + "EventDetails"));
      } else if (type.endsWith("StateExited")) {
        JsonNode exited = event.path("stateExitedEventDetails");
        if (type.equals("TaskStateExited") && states.has(exited.path("name").asText())) {
          end(fixture, exited, next(events, i), machine);
        }
        assign(variables, exited.path("assignedVariables"));
      }
    }
  }

  private static ObjectNode begun(
      String scenario, JsonNode state, JsonNode entered, ObjectNode variables) {
    ObjectNode fixture = Rig.JSON.createObjectNode().put("scenario", scenario);
    fixture.put("stateName", entered.path("name").asText());
    fixture.set("input", Recording.json(entered.path("input").asText()));
    ObjectNode read = fixture.putObject("variables");
    String text = state.toString();
    variables
        .properties()
        .forEach(variable -> {
          if (Pattern.compile("\\$" + variable.getKey() + "\\b").matcher(text).find()) {
            read.set(variable.getKey(), variable.getValue());
          }
        });
    return fixture;
  }

  private static void failed(ObjectNode fixture, JsonNode details) {
    int before =
        fixture.has("mock") ? fixture.at("/stateConfiguration/retrierRetryCount").asInt() + 1 : 0;
    ObjectNode error = fixture.putObject("mock").putObject("errorOutput");
    error.put("error", details.path("error").asText()).put("cause", details.path("cause").asText());
    fixture.putObject("stateConfiguration").put("retrierRetryCount", before);
  }

  private void end(ObjectNode fixture, JsonNode exited, String next, String machine) {
    String error = fixture.at("/mock/errorOutput/error").asText();
    ObjectNode expect = fixture.putObject("expect");
    expect.put("status", error.isEmpty() ? "SUCCEEDED" : "CAUGHT_ERROR").put("nextState", next);
    expect.set("output", Recording.json(exited.path("output").asText()));
    assign(expect.putObject("variables"), exited.path("assignedVariables"));
    if (known.add(List.of(machine, fixture.path("stateName").asText(), next, error))) {
      fixtures.computeIfAbsent(machine, _ -> Rig.JSON.createArrayNode()).add(fixture);
    }
  }

  private static void assign(ObjectNode variables, JsonNode assigned) {
    assigned
        .properties()
        .forEach(each -> variables.set(each.getKey(), Recording.json(each.getValue().asText())));
  }

  private static String next(ArrayNode events, int at) {
    for (int i = at + 1; i < events.size(); i++) {
      JsonNode entered = events.get(i).path("stateEnteredEventDetails");
      if (entered.has("name")) {
        return entered.path("name").asText();
      }
    }
    return "";
  }
}
