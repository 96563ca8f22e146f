package dev.weir.local.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.states.Tasks;
import dev.weir.states.definition.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DynamoDbTasksTest {

  // The optimised integration has the names of the first SDK for Java.
  @ParameterizedTest
  @CsvSource({
    "true,  ValidationException, DynamoDb.DynamoDbException",
    "true,  ConditionalCheckFailedException, DynamoDb.ConditionalCheckFailedException",
    "false, ValidationException, DynamoDB.AmazonDynamoDBException",
    "false, ConditionalCheckFailedException, DynamoDB.ConditionalCheckFailedException"
  })
  void a_refusal_is_named_as_its_integration_names_it(boolean sdk, String code, String error) {
    List<Tasks.Reply> replies = new ArrayList<>();

    new DynamoDbTasks((operation, request) -> new DynamoDb.Answer.Refused(code, "no"))
        .call(
            new Tasks.Call(
                "arn",
                "Put",
                new Resource(sdk, "dynamodb", "putItem", false),
                JsonNodeFactory.instance.objectNode(),
                Optional.empty()),
            replies::add);

    assertThat(replies).containsExactly(new Tasks.Reply.Failed(error, "no"));
  }
}
