package dev.weir.store;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Which questions of one partition have kept answers: one item each, in the table of responses.
 *
 * <p>Attributes: {@code v} value, {@code n} version, {@code ttl} epoch seconds.
 */
public final class NeighbourTable {

  private final DynamoDbClient dynamo;
  private final String table;

  /**
   * An item.
   *
   * @param version 0 where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Row(long version, byte[] value) {}

  public NeighbourTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** Reads an item, perhaps not its newest version. */
  public Row read(String name) {
    Item item =
        new Item(
            dynamo
                .getItem(get -> get.tableName(table).key(Map.of("pk", AttributeValue.fromS(name))))
                .item());
    return new Row(item.findNumber("n").orElse(0), item.bytes("v"));
  }

  /**
   * Replaces the version that was read.
   *
   * @return whether it was still there
   */
  public boolean swap(String name, long version, byte[] value, long untilSeconds) {
    try {
      dynamo.putItem(put ->
          put.tableName(table)
              .item(
                  Map.of(
                      "pk", AttributeValue.fromS(name),
                      "n", number(version + 1),
                      "v", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value)),
                      "ttl", number(untilSeconds)))
              .conditionExpression("attribute_not_exists(pk) OR n = :read")
              .expressionAttributeValues(Map.of(":read", number(version))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
