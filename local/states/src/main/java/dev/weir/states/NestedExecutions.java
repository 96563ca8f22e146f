package dev.weir.states;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.states.definition.Resource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tasks that start executions of this same control plane: {@code states:startExecution} and {@code
 * aws-sdk:sfn:startExecution}. Everything else goes on to the other tasks.
 */
final class NestedExecutions implements Tasks {
  private final StateMachines machines;
  private final Tasks others;

  NestedExecutions(StateMachines machines, Tasks others) {
    this.machines = machines;
    this.others = others;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    Resource resource = call.resource();
    boolean ours = resource.service().equals(resource.sdk() ? "sfn" : "states");
    if (ours && resource.action().equals("startExecution")) {
      reply.accept(start(call.arguments(), resource.sdk() ? "Sfn." : "StepFunctions."));
    } else {
      others.call(call, reply);
    }
  }

  private Reply start(JsonNode arguments, String prefix) {
    JsonNode input = arguments.path("Input");
    // The optimised integration takes JSON, the API a string of JSON.
    String text =
        input.isMissingNode() ? "{}" : input.isTextual() ? input.textValue() : input.toString();
    try {
      ExecutionDescription started =
          machines.startExecution(
              arguments.path("StateMachineArn").asText(),
              Optional.ofNullable(arguments.get("Name")).map(JsonNode::asText),
              text);
      return new Reply.Done(
          JsonNodeFactory.instance
              .objectNode()
              .put("ExecutionArn", started.executionArn())
              .put("StartDate", Timestamps.write(started.startDate())));
    } catch (StatesException e) {
      return new Reply.Failed(prefix + e.code() + "Exception", String.valueOf(e.getMessage()));
    }
  }
}
