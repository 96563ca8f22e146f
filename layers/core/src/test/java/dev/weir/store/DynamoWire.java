package dev.weir.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A client of DynamoDB, such as {@link InMemoryDynamo}, spoken to in DynamoDB's own JSON. */
public final class DynamoWire {

  private static final String ERROR = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\"%s}";

  private final DynamoDbClient dynamo;

  /** The status and the body of a reply. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, byte[] body) {}

  public DynamoWire(DynamoDbClient dynamo) {
    this.dynamo = dynamo;
  }

  /**
   * Carries out a request.
   *
   * @param operation what stands behind the dot of {@code X-Amz-Target}
   */
  public Answer answer(String operation, byte[] body) throws IOException {
    try {
      return new Answer(200, Pojos.write(reply(operation, body)));
    } catch (ConditionalCheckFailedException e) {
      String item =
          e.hasItem() ? inner(Pojos.write(GetItemResponse.builder().item(e.item()).build())) : "";
      return refusal("ConditionalCheckFailedException", item);
    } catch (TransactionCanceledException e) {
      List<String> reasons =
          e.cancellationReasons().stream()
              .map(Pojos::write)
              .map(bytes -> new String(bytes, UTF_8))
              .toList();
      return refusal(
          "TransactionCanceledException",
          ",\"Message\":\"%s\",\"CancellationReasons\":[%s]"
              .formatted(
                  e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage(),
                  String.join(",", reasons)));
    }
  }

  private SdkPojo reply(String operation, byte[] body) throws IOException {
    return switch (operation) {
      case "GetItem" -> dynamo.getItem(read(body, GetItemRequest.builder()).build());
      case "BatchGetItem" -> dynamo.batchGetItem(read(body, BatchGetItemRequest.builder()).build());
      case "BatchWriteItem" ->
          dynamo.batchWriteItem(read(body, BatchWriteItemRequest.builder()).build());
      case "PutItem" -> dynamo.putItem(read(body, PutItemRequest.builder()).build());
      case "DeleteItem" -> dynamo.deleteItem(read(body, DeleteItemRequest.builder()).build());
      case "UpdateItem" -> dynamo.updateItem(read(body, UpdateItemRequest.builder()).build());
      case "Query" -> dynamo.query(read(body, QueryRequest.builder()).build());
      case "TransactWriteItems" ->
          dynamo.transactWriteItems(read(body, TransactWriteItemsRequest.builder()).build());
      default -> throw new IOException("not spoken here: " + operation);
    };
  }

  private static <B extends SdkPojo> B read(byte[] body, B builder) throws IOException {
    Pojos.read(body, builder);
    return builder;
  }

  /** What stands between an object's braces, behind a comma. */
  private static String inner(byte[] object) {
    String text = new String(object, UTF_8);
    return "," + text.substring(1, text.length() - 1);
  }

  private static Answer refusal(String type, String more) {
    return new Answer(400, ERROR.formatted(type, more).getBytes(UTF_8));
  }
}
