package dev.weir.local.account;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.states.Tasks;
import java.util.function.Consumer;

/** Tasks that invoke functions. */
final class FunctionTasks implements Tasks {
  private final Functions functions;

  FunctionTasks(Functions functions) {
    this.functions = functions;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    functions.invoke(
        call.arguments().path("FunctionName").asText(),
        call.arguments().path("Payload"),
        outcome -> reply.accept(reply(outcome)));
  }

  /** A function's own error goes by its own name (developer guide, "Invoke Lambda functions"). */
  private static Reply reply(Functions.Outcome outcome) {
    return switch (outcome) {
      case Functions.Outcome.Returned(var payload) -> {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("ExecutedVersion", "$LATEST").put("StatusCode", 200).set("Payload", payload);
        yield new Reply.Done(result);
      }
      case Functions.Outcome.Threw(var type, var message) -> new Reply.Failed(type, message);
    };
  }
}
