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
    boolean sdk = call.resource().sdk();
    String prefix = sdk ? "DynamoDb." : "DynamoDB.";
    String base = sdk ? "DynamoDbException" : "AmazonDynamoDBException";
    reply.accept(
        switch (database.call(Operations.name(call.resource().action()), call.arguments())) {
          case DynamoDb.Answer.Done(var result) -> new Reply.Done(result);
          case DynamoDb.Answer.Refused(var code, var message) ->
              new Reply.Failed(prefix + named(code, base), message);
        });
  }

  private static String named(String code, String base) {
    return code.equals("ValidationException") || code.equals("AccessDeniedException") ? base : code;
  }
}
