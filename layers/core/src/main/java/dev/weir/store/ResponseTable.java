package dev.weir.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The table of cached responses: one item per cache key, which is either a running flight, an open
 * mark or a response. Expiry is decided by the reader; DynamoDB's own TTL only tidies up.
 *
 * <p>Attributes: {@code s} state, {@code o} owner, {@code x} expiry in epoch milliseconds, {@code
 * v} value, {@code at} epoch milliseconds of the fill, {@code ttl} epoch seconds.
 */
public final class ResponseTable {

  /** What an item is. */
  public enum State {
    RUNNING,
    OPEN,
    FILLED
  }

  /**
   * One item.
   *
   * @param expiresMillis epoch milliseconds from which on the item counts as absent
   * @param atMillis epoch milliseconds at which the value was written
   */
  public record Item(State state, String owner, long expiresMillis, long atMillis, byte[] value) {}

  /** Largest answer to be kept, in bytes: an item of DynamoDB holds 400 KB. */
  public static final int LARGEST_VALUE = 380_000;

  /** Expired items are kept this long, so that clock error cannot delete a live one. */
  private static final long TTL_SLACK_SECONDS = 60;

  private final DynamoDbClient dynamo;
  private final String table;
  private final Duration stale;

  public ResponseTable(DynamoDbClient dynamo, String table) {
    this(dynamo, table, Duration.ZERO);
  }

  /**
   * @param stale how long expired responses may still be of use
   */
  public ResponseTable(DynamoDbClient dynamo, String table, Duration stale) {
    this.dynamo = dynamo;
    this.table = table;
    this.stale = stale;
  }

  /** Reads an item, expired or not; consistent, so that followers see a fill at once. */
  public Optional<Item> read(String key) {
    Map<String, AttributeValue> item =
        dynamo
            .getItem(
                get -> get.tableName(table).key(Map.of("pk", string(key))).consistentRead(true))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(item(item));
  }

  /**
   * Starts a flight unless a live item is there.
   *
   * @param value what the flight is known by, if it is
   * @return the live item that was in the way
   */
  public Optional<Item> start(
      String key, String owner, long nowMillis, long untilMillis, byte[] value) {
    try {
      dynamo.putItem(put ->
          put.tableName(table)
              .item(attributes(key, State.RUNNING, owner, untilMillis, 0, value))
              .conditionExpression("attribute_not_exists(pk) OR x <= :now")
              .expressionAttributeValues(Map.of(":now", number(nowMillis)))
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return Optional.empty();
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(item(e.item()));
    }
  }

  /** Puts a response; whoever comes last wins, and all are right. */
  public void fill(String key, String owner, long nowMillis, long untilMillis, byte[] value) {
    dynamo.putItem(put ->
        put.tableName(table)
            .item(attributes(key, State.FILLED, owner, untilMillis, nowMillis, value)));
  }

  /** Changes the owner's running flight to {@code state} until {@code untilMillis}. */
  public void mark(String key, String owner, State state, long untilMillis) {
    mark(key, owner, state, untilMillis, 0, new byte[0]);
  }

  /**
   * The same with an answer.
   *
   * @param atMillis of {@code value}, an expired answer that stays with the mark; 0 for none
   */
  public void mark(
      String key, String owner, State state, long untilMillis, long atMillis, byte[] value) {
    try {
      dynamo.putItem(put ->
          put.tableName(table)
              .item(attributes(key, state, owner, untilMillis, atMillis, value))
              .conditionExpression("o = :owner AND s = :running")
              .expressionAttributeValues(
                  Map.of(":owner", string(owner), ":running", string(State.RUNNING.name()))));
    } catch (ConditionalCheckFailedException e) {
      // The flight has expired and is another's now: theirs stands.
    }
  }

  private Map<String, AttributeValue> attributes(
      String key, State state, String owner, long untilMillis, long atMillis, byte[] value) {
    return Map.of(
        "pk", string(key),
        "s", string(state.name()),
        "o", string(owner),
        "x", number(untilMillis),
        "at", number(atMillis),
        "v", AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value)),
        "ttl", number(Math.ceilDiv(untilMillis, 1000) + TTL_SLACK_SECONDS + stale.toSeconds()));
  }

  private static Item item(Map<String, AttributeValue> item) {
    return new Item(
        State.valueOf(attribute(item, "s").s()),
        attribute(item, "o").s(),
        Long.parseLong(attribute(item, "x").n()),
        Long.parseLong(attribute(item, "at").n()),
        attribute(item, "v").b().asByteArrayUnsafe());
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("an item of the response table has no " + name);
    }
    return value;
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
