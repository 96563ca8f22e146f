package dev.weir.store;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What remediation keeps of one resource: items of a kind and a name. Faults of the store are
 * thrown as the SDK's unchecked exceptions.
 *
 * <p>Attributes: {@code pk} kind, {@code sk} name, {@code version} counts the writes.
 */
public final class RemediationTable {

  private static final String VERSION = "version";

  private final DynamoDbClient dynamo;
  private final String table;

  public RemediationTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** The item, read strongly consistent. */
  public Optional<Item> find(String kind, String name) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(get -> get.tableName(table).key(key(kind, name)).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(new Item(item));
  }

  /**
   * Sets attributes of an item, made if need be, unless somebody has written it since.
   *
   * @param before the item as it was found
   * @throws software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException when
   *     somebody has
   */
  public void write(String kind, String name, Optional<Item> before, Item attributes) {
    long version = before.map(item -> item.findNumber(VERSION).orElse(0)).orElse(0L);
    Update update = new Update();
    String counter = update.name(VERSION);
    update.setAll(attributes.with(VERSION, version + 1));
    update.require(
        before.isEmpty() || version == 0
            ? "attribute_not_exists(" + counter + ")"
            : counter + " = " + update.number(version));
    dynamo.updateItem(write ->
        write
            .tableName(table)
            .key(key(kind, name))
            .updateExpression(update.expression())
            .conditionExpression(update.condition())
            .expressionAttributeNames(update.names())
            .expressionAttributeValues(update.values()));
  }

  private static Map<String, AttributeValue> key(String kind, String name) {
    return Map.of("pk", AttributeValue.fromS(kind), "sk", AttributeValue.fromS(name));
  }
}
