package dev.weir.store;

import dev.weir.ledger.Booked;
import dev.weir.ledger.Ledger;
import dev.weir.ledger.LedgerRow;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The rows in the ledger table: partition {@code tenant#day} (UTC), so that a tenant's day is one
 * query. A row is the item of its request's audit entry; where nothing is audited, or the entry has
 * to wait, it is an item of its own, whose sort key is the request id.
 */
public final class LedgerTable implements Ledger {

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
    item.put(LedgerItem.APART, AttributeValue.fromBool(true));
    return put(item, row);
  }

  private Entry put(Map<String, AttributeValue> item, LedgerRow row) {
    long expiry = row.atMillis() / 1000 + retention.toSeconds();
    item.put("pk", AttributeValue.fromS(LedgerItem.partition(row.tenantId(), LedgerItem.day(row))));
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
    Map<String, Booked> apart = new LinkedHashMap<>();
    dynamo
        .queryPaginator(query ->
            query
                .tableName(table)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(
                    Map.of(":pk", AttributeValue.fromS(LedgerItem.partition(tenantId, day))))
                .scanIndexForward(false))
        .items()
        .stream()
        .filter(item -> LedgerItem.isRowOf(day, item))
        .forEach(item -> read(day, item, apart, reader));
    apart.values().forEach(reader);
  }

  /**
   * What an entry's digest covers goes before what lies by itself. Read backwards, request ids come
   * before segments, which begin with a digit.
   */
  private static void read(
      LocalDate day,
      Map<String, AttributeValue> item,
      Map<String, Booked> apart,
      Consumer<Booked> reader) {
    Booked row = LedgerItem.booked(day, item);
    if (item.containsKey(LedgerItem.APART)) {
      apart.put(LedgerItem.requestId(item), row);
    } else {
      apart.remove(LedgerItem.requestId(item));
      reader.accept(row);
    }
  }
}
