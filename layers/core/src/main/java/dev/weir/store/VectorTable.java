package dev.weir.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Kept vectors, one item each, in the table of responses. What DynamoDB leaves unprocessed counts
 * as absent: nothing is asked twice.
 *
 * <p>Attributes: {@code v} value, {@code ttl} epoch seconds at which it expires.
 */
public final class VectorTable {

  /** Most items of one BatchGetItem (AWS API reference). */
  public static final int READ_AT_ONCE = 100;

  /** Most items of one BatchWriteItem (AWS API reference). */
  public static final int WRITTEN_AT_ONCE = 25;

  private final DynamoDbClient dynamo;
  private final String table;

  public VectorTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /**
   * Reads what is there and not expired, in one request.
   *
   * @param names at most {@link #READ_AT_ONCE}, all different
   */
  public Map<String, byte[]> read(List<String> names, long nowSeconds) {
    List<Map<String, AttributeValue>> keys =
        names.stream().map(name -> Map.of("pk", AttributeValue.fromS(name))).toList();
    BatchGetItemResponse reply =
        dynamo.batchGetItem(
            get -> get.requestItems(Map.of(table, KeysAndAttributes.builder().keys(keys).build())));
    Map<String, byte[]> found = new HashMap<>();
    for (Map<String, AttributeValue> attributes :
        reply.responses().getOrDefault(table, List.of())) {
      Item item = new Item(attributes);
      if (item.number("ttl") > nowSeconds) {
        found.put(item.text("pk"), item.bytes("v"));
      }
    }
    return found;
  }

  /**
   * Writes vectors in one request.
   *
   * @param values by name, at most {@link #WRITTEN_AT_ONCE}
   * @return how many DynamoDB did not take
   */
  public int write(Map<String, byte[]> values, long untilSeconds) {
    List<WriteRequest> puts = new ArrayList<>();
    values.forEach((name, value) ->
        puts.add(
            WriteRequest.builder()
                .putRequest(put ->
                    put.item(
                        Map.of(
                            "pk", AttributeValue.fromS(name),
                            "v", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value)),
                            "ttl", AttributeValue.fromN(Long.toString(untilSeconds)))))
                .build()));
    return dynamo
        .batchWriteItem(write -> write.requestItems(Map.of(table, puts)))
        .unprocessedItems()
        .getOrDefault(table, List.of())
        .size();
  }
}
