package dev.weir.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The switches that are off: one item of the tenants table, {@code S#switches}, with one attribute
 * a switch, so that turning one off or on is one unconditional write. Faults of the store are
 * thrown as the SDK's unchecked exceptions.
 */
public final class SwitchTable {

  private static final Map<String, AttributeValue> KEY =
      Map.of("pk", AttributeValue.fromS("S#switches"));

  private final DynamoDbClient dynamo;
  private final String table;

  public SwitchTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /**
   * Everything that is off now by the switch's name, read strongly consistent.
   *
   * @param timeout of all attempts together
   */
  public Map<String, Item> off(Duration timeout) {
    Item item =
        new Item(
            dynamo
                .getItem(get ->
                    get.tableName(table)
                        .key(KEY)
                        .consistentRead(true)
                        .overrideConfiguration(settings -> settings.apiCallTimeout(timeout)))
                .item());
    Map<String, Item> off = new HashMap<>();
    for (String name : item.names()) {
      item.findMap(name).ifPresent(since -> off.put(name, since));
    }
    return off;
  }

  /** Turns one off, or says something else of one that is off. */
  public void turnOff(String name, Item since) {
    dynamo.updateItem(update ->
        update
            .tableName(table)
            .key(KEY)
            .updateExpression("SET #target = :off")
            .expressionAttributeNames(Map.of("#target", name))
            .expressionAttributeValues(Map.of(":off", AttributeValue.fromM(since.attributes()))));
  }

  /** Turns one off unless it is off; whether it was on. */
  public boolean turnOffIfOn(String name, Item since) {
    try {
      dynamo.updateItem(update ->
          update
              .tableName(table)
              .key(KEY)
              .updateExpression("SET #target = :off")
              .conditionExpression("attribute_not_exists(#target)")
              .expressionAttributeNames(Map.of("#target", name))
              .expressionAttributeValues(Map.of(":off", AttributeValue.fromM(since.attributes()))));
      return true;
    } catch (ConditionalCheckFailedException isOff) {
      return false;
    }
  }

  /** Turns one on again. */
  public void turnOn(String name) {
    dynamo.updateItem(update ->
        update
            .tableName(table)
            .key(KEY)
            .updateExpression("REMOVE #target")
            .expressionAttributeNames(Map.of("#target", name)));
  }
}
