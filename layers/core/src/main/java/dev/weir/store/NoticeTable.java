package dev.weir.store;

import dev.weir.ledger.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Budget notices in the ledger table, in partitions that no tenant's id can begin: a mark that
 * stays, which makes each notice the only one, and an entry of the outbox that goes when it has
 * been delivered; one transaction writes both.
 */
public final class NoticeTable {

  private static final String OUTBOX = "#outbox";
  private static final String MARKS = "#notices#";
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  /** Longer than the month a mark is for. */
  private static final Duration KEPT = Duration.ofDays(40);

  private final DynamoDbClient dynamo;
  private final String table;

  public NoticeTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** Writes it down unless it is already; whether it was new. */
  public boolean write(Notice notice) {
    long ttl = notice.atMillis() / 1000 + KEPT.toSeconds();
    Item mark =
        Item.EMPTY
            .with("pk", MARKS + notice.tenantId())
            .with("sk", notice.window() + "#" + notice.percent())
            .with("at", notice.atMillis())
            .with("ttl", ttl);
    Item entry =
        Item.EMPTY
            .with("pk", OUTBOX)
            .with("sk", notice.id())
            .with("tenant", notice.tenantId())
            .with("period", notice.period())
            .with("window", notice.window())
            .with("percent", notice.percent())
            .with("used", notice.usedMicroUsd())
            .with("limit", notice.limitMicroUsd())
            .with("at", notice.atMillis())
            .with("off", notice.switchesOff() ? 1 : 0);
    try {
      dynamo.transactWriteItems(request ->
          request.transactItems(
              item ->
                  item.put(put ->
                      put.tableName(table)
                          .item(mark.attributes())
                          .conditionExpression("attribute_not_exists(pk)")),
              item -> item.put(put -> put.tableName(table).item(entry.attributes()))));
      return true;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream()
          .anyMatch(reason -> CONDITION_FAILED.equals(reason.code()))) {
        return false;
      }
      throw e;
    }
  }

  /** Some of those that wait to be delivered; none when there are no more. */
  public List<Notice> waiting() {
    return dynamo
        .query(query ->
            query
                .tableName(table)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(OUTBOX))))
        .items()
        .stream()
        .map(attributes -> notice(new Item(attributes)))
        .toList();
  }

  /** It has been delivered. */
  public void delivered(Notice notice) {
    Map<String, AttributeValue> key =
        Map.of("pk", AttributeValue.fromS(OUTBOX), "sk", AttributeValue.fromS(notice.id()));
    dynamo.transactWriteItems(request ->
        request.transactItems(item -> item.delete(delete -> delete.tableName(table).key(key))));
  }

  private static Notice notice(Item item) {
    return new Notice(
        item.text("tenant"),
        item.text("period"),
        item.text("window"),
        (int) item.number("percent"),
        item.number("used"),
        item.number("limit"),
        item.number("at"),
        item.number("off") == 1);
  }
}
