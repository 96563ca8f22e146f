package dev.weir.admission;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Shows the limiter marks that never fall from slot to slot, as if slots were always opened in
 * order, so that it counts from the oldest slot's mark. A negative control: with the least mark
 * hidden it must admit too much.
 */
final class OrderlyMarks implements DynamoDbClient {

  private final DynamoDbClient client;

  OrderlyMarks(DynamoDbClient client) {
    this.client = client;
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    GetItemResponse reply = client.getItem(request);
    return (GetItemResponse)
        reply.toBuilder()
            .item(orderly(reply.item()))
            .sdkHttpResponse(reply.sdkHttpResponse())
            .build();
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    try {
      UpdateItemResponse reply = client.updateItem(request);
      return (UpdateItemResponse)
          reply.toBuilder()
              .attributes(orderly(reply.attributes()))
              .sdkHttpResponse(reply.sdkHttpResponse())
              .build();
    } catch (ConditionalCheckFailedException e) {
      throw ConditionalCheckFailedException.builder()
          .item(orderly(e.item()))
          .message(e.getMessage())
          .awsErrorDetails(e.awsErrorDetails())
          .writableStackTrace(false)
          .build();
    }
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {}

  private static Map<String, AttributeValue> orderly(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> shown = new HashMap<>(item);
    List<String> marks =
        item.keySet().stream().filter(name -> name.matches("r.{6,}")).sorted().toList();
    long highest = 0;
    for (String mark : marks) {
      AttributeValue value = item.get(mark);
      if (value != null) {
        highest = Math.max(highest, Long.parseLong(value.n()));
        shown.put(mark, AttributeValue.fromN(Long.toString(highest)));
      }
    }
    return shown;
  }
}
