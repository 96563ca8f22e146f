package dev.weir.store;

import dev.weir.ledger.Booked;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * The rows in the ledger table: partition {@code tenant#day} (UTC), so that a tenant's day is one
 * query. A row is the item of its request's audit entry; where nothing is audited, or the entry has
 * to wait, it is an item of its own, whose sort key is the request id.
 */
public final class LedgerTable implements Ledger {

  /** Marks a row whose audit entry may hold it too. */
  private static final String APART = "apart";

  private final DynamoDbClient dynamo;
  private final String table;
  private final Duration retention;

  public LedgerTable(DynamoDbClient dynamo, String table, Duration retention) {
    this.dynamo = dynamo;
    this.table = table;
    this.retention = retention;
  }

  @Override
  public Entry write(LedgerRow row) {
    return put(LedgerItem.of(row), row);
  }

  @Override
  public Entry writeApart(LedgerRow row) {
    Map<String, AttributeValue> item = LedgerItem.of(row);
    item.put(APART, AttributeValue.fromBool(true));
    return put(item, row);
  }

  private Entry put(Map<String, AttributeValue> item, LedgerRow row) {
    long expiry = row.atMillis() / 1000 + retention.toSeconds();
    item.put("pk", AttributeValue.fromS(partition(row.tenantId(), LedgerItem.day(row))));
    item.put("sk", AttributeValue.fromS(row.requestId()));
    item.put("ttl", AttributeValue.fromN(Long.toString(expiry)));
    try {
      dynamo.putItem(
          put -> put.tableName(table).item(item).conditionExpression("attribute_not_exists(sk)"));
      return Entry.WRITTEN;
    } catch (ConditionalCheckFailedException e) {
      return Entry.DUPLICATE;
    } catch (SdkException e) {
      return Entry.FAILED;
    }
  }

  /**
   * Reads a tenant's rows of one UTC day, page by page, each once. Faults of the store are thrown
   * as the SDK's unchecked exceptions.
   */
  public void read(String tenantId, LocalDate day, Consumer<Booked> reader) {
    Set<String> apart = new HashSet<>();
    Map<String, AttributeValue> from = Map.of();
    do {
      Map<String, AttributeValue> start = from;
      QueryResponse page =
          dynamo.query(query ->
              query
                  .tableName(table)
                  .keyConditionExpression("pk = :pk")
                  .expressionAttributeValues(
                      Map.of(":pk", AttributeValue.fromS(partition(tenantId, day))))
                  .scanIndexForward(false)
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      page.items().stream()
          .filter(item -> LedgerItem.isRowOf(day, item))
          .filter(item -> isFirst(item, apart))
          .forEach(item -> reader.accept(LedgerItem.booked(day, item)));
      from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
    } while (!from.isEmpty());
  }

  /**
   * Not if the row was met as an item of its own: read backwards, request ids come before segments,
   * which begin with a digit.
   */
  private static boolean isFirst(Map<String, AttributeValue> item, Set<String> apart) {
    String requestId = LedgerItem.requestId(item);
    return item.containsKey(APART) ? apart.add(requestId) : !apart.contains(requestId);
  }

  private static String partition(String tenantId, LocalDate day) {
    return tenantId + "#" + day;
  }
}
