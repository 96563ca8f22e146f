package dev.weir.local.account;

import dev.weir.states.Tasks;
import java.util.function.Consumer;

/** Tasks on DynamoDB. */
final class DynamoDbTasks implements Tasks {
  private final DynamoDb database;

  DynamoDbTasks(DynamoDb database) {
    this.database = database;
  }

  @Override
  public void call(Call call, Consumer<Reply> reply) {
    // The SDK's class names begin otherwise than the optimised integration's.
    String prefix = call.resource().sdk() ? "DynamoDb." : "DynamoDB.";
    reply.accept(
        switch (database.call(Operations.name(call.resource().action()), call.arguments())) {
          case DynamoDb.Answer.Done(var result) -> new Reply.Done(result);
          case DynamoDb.Answer.Refused(var code, var message) ->
              new Reply.Failed(prefix + named(code), message);
        });
  }

  private static String named(String code) {
    return code.equals("ValidationException") || code.equals("AccessDeniedException")
        ? "DynamoDbException"
        : code;
  }
}
