package dev.weir.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Circuit breakers in the table of responses, which holds nothing that may not be lost: one item
 * {@code B#<target>}, written by compare-and-swap on its version. No tenant's entry can have such a
 * key: tenant ids are lower case.
 *
 * <p>Every method makes one request, over within 500 ms, and throws the SDK's unchecked exceptions
 * for faults.
 */
public final class BreakerTable {

  private static final Duration CALL = Duration.ofMillis(500);
  private static final long KEPT_SECONDS = 3600;

  private static final String VERSION = "ver";
  private static final String POINTS = "pts";
  private static final String COUNTED_UNTIL = "cnt";
  private static final String OPEN_UNTIL = "opn";
  private static final String PROBE_UNTIL = "prb";

  /** One breaker; the times are epoch milliseconds, 0 for none. */
  public record Row(long version, int points, long countedUntil, long openUntil, long probeUntil) {}

  private final DynamoDbClient dynamo;
  private final String table;

  public BreakerTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** Reads a target's breaker; empty if nothing was ever known against it. */
  public Optional<Row> read(String target, boolean consistent) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(get ->
                get.tableName(table)
                    .key(Map.of("pk", key(target)))
                    .consistentRead(consistent)
                    .overrideConfiguration(limits -> limits.apiCallTimeout(CALL)))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(row(new Item(item)));
  }

  /** Writes the row if the stored one is of the version before it; false if it is not. */
  public boolean swap(String target, Row next, long nowMillis) {
    try {
      dynamo.putItem(put ->
          put.tableName(table)
              .item(
                  Map.of(
                      "pk",
                      key(target),
                      VERSION,
                      number(next.version()),
                      POINTS,
                      number(next.points()),
                      COUNTED_UNTIL,
                      number(next.countedUntil()),
                      OPEN_UNTIL,
                      number(next.openUntil()),
                      PROBE_UNTIL,
                      number(next.probeUntil()),
                      "ttl",
                      number(Math.max(nowMillis, next.openUntil()) / 1000 + KEPT_SECONDS)))
              .conditionExpression("attribute_not_exists(pk) OR ver = :before")
              .expressionAttributeValues(Map.of(":before", number(next.version() - 1)))
              .overrideConfiguration(limits -> limits.apiCallTimeout(CALL)));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static Row row(Item item) {
    return new Row(
        item.number(VERSION),
        (int) item.number(POINTS),
        item.number(COUNTED_UNTIL),
        item.number(OPEN_UNTIL),
        item.number(PROBE_UNTIL));
  }

  private static AttributeValue key(String target) {
    return AttributeValue.fromS("B#" + target);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
