package dev.weir.admission;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Lets slices be cut with one rule missing. Negative controls: they must admit too much. */
final class LooseCuts implements DynamoDbClient {

  private static final Pattern FENCE = Pattern.compile("\\bv = v \\+ (:\\w+)");

  private final DynamoDbClient client;
  private final UnaryOperator<Update> rule;

  private LooseCuts(DynamoDbClient client, UnaryOperator<Update> rule) {
    this.client = client;
    this.rule = rule;
  }

  /** The version stays: environments go on with slices from before. */
  static DynamoDbClient unfenced(DynamoDbClient client) {
    return new LooseCuts(
        client,
        update -> {
          Matcher fence = FENCE.matcher(update.updateExpression());
          Map<String, AttributeValue> values = new HashMap<>(update.expressionAttributeValues());
          if (fence.find()) {
            values.put(fence.group(1), AttributeValue.fromN("0"));
          }
          return update.toBuilder().expressionAttributeValues(values).build();
        });
  }

  /** Nothing but generation and version is asserted: what came in since the read is overlooked. */
  static DynamoDbClient uncovered(DynamoDbClient client) {
    return new LooseCuts(
        client,
        update -> {
          List<String> conditions = List.of(update.conditionExpression().split(" AND "));
          return update.toBuilder()
              .conditionExpression(String.join(" AND ", conditions.subList(0, 2)))
              .build();
        });
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return client.getItem(request);
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return client.updateItem(request);
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return client.transactWriteItems(
        request.toBuilder()
            .transactItems(
                request.transactItems().stream()
                    .map(item -> TransactWriteItem.builder().update(rule.apply(item.update())))
                    .map(TransactWriteItem.Builder::build)
                    .toList())
            .build());
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {}
}
