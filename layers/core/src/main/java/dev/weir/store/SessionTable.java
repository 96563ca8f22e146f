package dev.weir.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The table of sessions: one record per key, in as many items as its value needs. All items of a
 * write are written together or not at all. Expiry is decided by the reader; DynamoDB's own TTL
 * only tidies up. Faults of the store are thrown as the SDK's unchecked exceptions.
 *
 * <p>Attributes: {@code ver} version, {@code b} birth and {@code x} expiry in epoch milliseconds,
 * {@code n} number of further items, {@code d} the value or a part of it, {@code ttl} epoch
 * seconds.
 */
public final class SessionTable {

  /** An item of DynamoDB holds 400 KB. */
  public static final int PART = 380_000;

  /** One transaction of DynamoDB takes 4 MB. */
  public static final int LARGEST_WRITE = 3_900_000;

  /** Expired records are kept this long, so that clock error cannot delete a live one. */
  private static final long TTL_SLACK_SECONDS = 60;

  private final DynamoDbClient dynamo;
  private final String table;

  /**
   * One record.
   *
   * @param version grows with every change of a record that changes
   * @param parts how many items it fills besides the first
   * @param bornMillis epoch milliseconds
   * @param expiresMillis epoch milliseconds from which on it counts as absent
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
  public record Row(
      String key, long version, int parts, long bornMillis, long expiresMillis, byte[] value) {

    /** How many items its value needs besides the first. */
    int needed() {
      return value.length == 0 ? 0 : (value.length - 1) / PART;
    }
  }

  public SessionTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  /** Reads a record, expired or not, strongly consistent. */
  public Optional<Row> read(String key) {
    for (Optional<Item> head = item(key); head.isPresent(); head = item(key)) {
      Optional<Row> row = row(key, head.get());
      // Without a part it has been changed or deleted between two reads.
      if (row.isPresent()) {
        return row;
      }
    }
    return Optional.empty();
  }

  private Optional<Row> row(String key, Item head) {
    long version = head.number("ver");
    int parts = (int) head.number("n");
    byte[] value = head.bytes("d");
    for (int part = 1; part <= parts; part++) {
      Optional<byte[]> more = item(name(key, version, part)).map(item -> item.bytes("d"));
      if (more.isEmpty()) {
        return Optional.empty();
      }
      int length = value.length;
      value = Arrays.copyOf(value, length + more.get().length);
      System.arraycopy(more.get(), 0, value, length, more.get().length);
    }
    return Optional.of(new Row(key, version, parts, head.number("b"), head.number("x"), value));
  }

  /**
   * Writes records together. A record with version 0 is new; any other takes the place of the one
   * with this version, and gets the next.
   *
   * @param token of this write: a repetition within 10 minutes has no further effect
   * @return false if a record has another version by now, and nothing was written
   * @throws IllegalArgumentException if they are too large to be written together
   */
  public boolean write(List<Row> rows, String token) {
    if (rows.stream().mapToLong(row -> row.value().length).sum() > LARGEST_WRITE) {
      throw new IllegalArgumentException("a session of more than " + LARGEST_WRITE + " bytes");
    }
    List<TransactWriteItem> writes = new ArrayList<>();
    rows.forEach(row -> writes(row, writes));
    if (writes.size() == 1 && rows.getFirst().version() == 0) {
      dynamo.putItem(put -> put.tableName(table).item(writes.getFirst().put().item()));
      return true;
    }
    return transact(writes, token);
  }

  /** Deletes a record as it was read, with all its items; false if it has changed since. */
  public boolean delete(Row row, String token) {
    List<TransactWriteItem> deletions = new ArrayList<>();
    deletions.add(
        TransactWriteItem.builder()
            .delete(item ->
                item.tableName(table)
                    .key(key(row.key()))
                    .conditionExpression("attribute_not_exists(pk) OR ver = :ver")
                    .expressionAttributeValues(Map.of(":ver", number(row.version()))))
            .build());
    for (int part = 1; part <= row.parts(); part++) {
      deletions.add(deletion(name(row.key(), row.version(), part)));
    }
    return transact(deletions, token);
  }

  private void writes(Row row, List<TransactWriteItem> writes) {
    long next = row.version() + 1;
    int needed = row.needed();
    for (int part = 0; part <= needed; part++) {
      byte[] piece =
          Arrays.copyOfRange(
              row.value(), part * PART, Math.min(row.value().length, (part + 1) * PART));
      Item item =
          Item.EMPTY
              .with("pk", part == 0 ? row.key() : name(row.key(), next, part))
              .with("ver", next)
              .with("b", row.bornMillis())
              .with("x", row.expiresMillis())
              .with("n", needed)
              .with("d", piece)
              .with("ttl", Math.ceilDiv(row.expiresMillis(), 1000) + TTL_SLACK_SECONDS);
      boolean isConditional = part == 0 && row.version() > 0;
      writes.add(
          TransactWriteItem.builder()
              .put(put -> {
                put.tableName(table).item(item.attributes());
                if (isConditional) {
                  put.conditionExpression("ver = :ver")
                      .expressionAttributeValues(Map.of(":ver", number(row.version())));
                }
              })
              .build());
    }
    for (int part = 1; part <= row.parts(); part++) {
      writes.add(deletion(name(row.key(), row.version(), part)));
    }
  }

  private boolean transact(List<TransactWriteItem> writes, String token) {
    try {
      dynamo.transactWriteItems(request -> request.transactItems(writes).clientRequestToken(token));
      return true;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream()
          .anyMatch(reason ->
              "ConditionalCheckFailed".equals(reason.code())
                  || "TransactionConflict".equals(reason.code()))) {
        return false;
      }
      throw e;
    }
  }

  private TransactWriteItem deletion(String name) {
    return TransactWriteItem.builder().delete(item -> item.tableName(table).key(key(name))).build();
  }

  private Optional<Item> item(String name) {
    Map<String, AttributeValue> item =
        dynamo.getItem(get -> get.tableName(table).key(key(name)).consistentRead(true)).item();
    return item.isEmpty() ? Optional.empty() : Optional.of(new Item(item));
  }

  /** Parts are named by version, so that a reader never mixes two. */
  private static String name(String key, long version, int part) {
    return key + "#" + version + "." + part;
  }

  private static Map<String, AttributeValue> key(String name) {
    return Map.of("pk", AttributeValue.fromS(name));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
