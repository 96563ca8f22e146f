package dev.weir.local.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.ExecutionDescription;
import dev.weir.states.StateMachines;
import dev.weir.states.StatesException;
import dev.weir.states.Tasks;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tasks on Step Functions itself: looking at executions and stopping them. */
final class StatesTasks implements Tasks {
  private final Supplier<StateMachines> machines;

  StatesTasks(Supplier<StateMachines> machines) {
    this.machines = machines;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    String execution = call.arguments().path("ExecutionArn").asText();
    try {
      reply.accept(
          new Reply.Done(
              switch (call.resource().action()) {
                case "describeExecution" -> described(machines.get().describeExecution(execution));
                case "stopExecution" ->
                    object().put("StopDate", stop(execution, call.arguments()).toString());
                default ->
                    throw new IllegalArgumentException(
                        "no such task here: " + call.resource().eventName());
              }));
    } catch (StatesException e) {
      reply.accept(
          new Reply.Failed("Sfn." + e.code() + "Exception", String.valueOf(e.getMessage())));
    }
  }

  private Instant stop(String execution, JsonNode arguments) {
    return machines
        .get()
        .stopExecution(execution, text(arguments, "Error"), text(arguments, "Cause"));
  }

  private static Optional<String> text(JsonNode arguments, String member) {
    return Optional.ofNullable(arguments.get(member)).map(JsonNode::asText);
  }

  private static ObjectNode described(ExecutionDescription execution) {
    ObjectNode result =
        object()
            .put("ExecutionArn", execution.executionArn())
            .put("StateMachineArn", execution.stateMachineArn())
            .put("Name", execution.name())
            .put("Status", execution.status().name())
            .put("StartDate", execution.startDate().toString())
            .put("Input", execution.input().toString());
    execution.stopDate().ifPresent(at -> result.put("StopDate", at.toString()));
    execution.output().ifPresent(output -> result.put("Output", output.toString()));
    execution.error().ifPresent(error -> result.put("Error", error));
    execution.cause().ifPresent(cause -> result.put("Cause", cause));
    return result;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
