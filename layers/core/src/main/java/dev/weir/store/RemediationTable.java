package dev.weir.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What remediation keeps of one resource: items of a kind and a name. Faults of the store are
 * thrown as the SDK's unchecked exceptions.
 *
 * <p>Attributes: {@code pk} kind, {@code sk} name, {@code version} counts the writes.
 */
public final class RemediationTable {

  private static final String VERSION = "version";
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

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

  /** The items of a kind, in the order of their names. */
  public List<Item> all(String kind) {
    return all(kind, "");
  }

  /** The items of a kind whose names begin so, in the order of their names. */
  public List<Item> all(String kind, String beginning) {
    return beginning.isEmpty()
        ? found("pk = :pk", Map.of(":pk", AttributeValue.fromS(kind)))
        : found("pk = :pk AND begins_with(sk, :sk)", values(kind, beginning));
  }

  /** The items of a kind from this name on, in the order of their names. */
  public List<Item> from(String kind, String name) {
    return found("pk = :pk AND sk >= :sk", values(kind, name));
  }

  private static Map<String, AttributeValue> values(String kind, String name) {
    return Map.of(":pk", AttributeValue.fromS(kind), ":sk", AttributeValue.fromS(name));
  }

  private List<Item> found(String condition, Map<String, AttributeValue> values) {
    QueryRequest.Builder query =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression(condition)
            .expressionAttributeValues(values);
    List<Item> items = new ArrayList<>();
    QueryResponse page;
    do {
      page = dynamo.query(query.build());
      page.items().forEach(item -> items.add(new Item(item)));
      query.exclusiveStartKey(page.lastEvaluatedKey());
    } while (page.hasLastEvaluatedKey());
    return items;
  }

  /** Puts items, all or none, unless there is one like the first; whether there was none. */
  public boolean add(Item first, Item... also) {
    TransactWriteItem put =
        item(puts(first).conditionExpression("attribute_not_exists(pk)").build());
    return together(put, also);
  }

  /**
   * Changes an item, made if need be, and puts others with it, all or none; whether the conditions
   * of the change held.
   */
  public boolean change(String kind, String name, Update change, Item... also) {
    TransactWriteItem update =
        TransactWriteItem.builder()
            .update(it -> {
              it.tableName(table)
                  .key(key(kind, name))
                  .updateExpression(change.expression())
                  .expressionAttributeNames(change.names());
              if (!change.values().isEmpty()) {
                it.expressionAttributeValues(change.values());
              }
              if (!change.condition().isEmpty()) {
                it.conditionExpression(change.condition());
              }
            })
            .build();
    return together(update, also);
  }

  private boolean together(TransactWriteItem first, Item... also) {
    List<TransactWriteItem> all =
        Stream.concat(Stream.of(first), Stream.of(also).map(each -> item(puts(each).build())))
            .toList();
    try {
      dynamo.transactWriteItems(request -> request.transactItems(all));
      return true;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream()
          .anyMatch(reason -> CONDITION_FAILED.equals(reason.code()))) {
        return false;
      }
      throw e;
    }
  }

  private Put.Builder puts(Item item) {
    return Put.builder().tableName(table).item(item.attributes());
  }

  private static TransactWriteItem item(Put put) {
    return TransactWriteItem.builder().put(put).build();
  }

  private static Map<String, AttributeValue> key(String kind, String name) {
    return Map.of("pk", AttributeValue.fromS(kind), "sk", AttributeValue.fromS(name));
  }
}
