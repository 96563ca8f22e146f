package dev.weir.store;

import dev.weir.audit.Block;
import dev.weir.audit.EntryStrand;
import dev.weir.audit.Head;
import dev.weir.audit.Strands;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The chains in the ledger table. Entries are in the partition {@code tenant#day} of the day their
 * segment was opened, sorted by {@code segment#place}, so that an entry and the ledger row of its
 * request are one item. A chain's links are a partition {@code C#<chain>}, sorted by place, and its
 * head is {@code H#<chain>}. Blocks are only ever put where nothing is. Faults are thrown as the
 * SDK's unchecked exceptions.
 */
public final class AuditTable implements Strands {

  private static final String PREVIOUS = "prev";
  private static final String BODY = "body";
  private static final String HASH = "hash";
  private static final String EXPIRY = "ttl";
  private static final String LINKS = "links";

  /** Not {@code ttl}: a head is never dropped. */
  private static final String LAST_EXPIRY = "exp";

  private static final String OPEN = "open";
  private static final String HEAD = "head";
  private static final Set<String> OF_A_BLOCK = Set.of("pk", "sk", PREVIOUS, BODY, HASH, EXPIRY);
  private static final String UNLESS_THERE = "attribute_not_exists(pk)";

  private final DynamoDbClient dynamo;
  private final String table;

  public AuditTable(DynamoDbClient dynamo, String table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  @Override
  public Optional<Block> append(Block block) {
    try {
      dynamo.putItem(put ->
          put.tableName(table)
              .item(item(block))
              .conditionExpression(UNLESS_THERE)
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return Optional.empty();
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(block(block.strand(), e.item()));
    }
  }

  @Override
  public Optional<Block> last(String strand) {
    return dynamo
        .query(
            query -> Place.of(strand).all(query.tableName(table)).scanIndexForward(false).limit(1))
        .items()
        .stream()
        .map(item -> block(strand, item))
        .findFirst();
  }

  @Override
  public void read(String strand, Consumer<Block> reader) {
    dynamo
        .queryPaginator(query -> Place.of(strand).all(query.tableName(table)))
        .items()
        .forEach(item -> reader.accept(block(strand, item)));
  }

  @Override
  public void readDay(String chain, LocalDate day, Consumer<Lying> reader) {
    Place partition = new Place(LedgerItem.partition(chain, day), "");
    dynamo
        .queryPaginator(query -> partition.all(query.tableName(table)).scanIndexForward(false))
        .items()
        .forEach(item -> reader.accept(lying(item)));
  }

  private static Lying lying(Map<String, AttributeValue> attributes) {
    Item item = new Item(attributes);
    String key = item.text("sk");
    int end = key.indexOf('#');
    Map<String, AttributeValue> row = row(attributes);
    row.remove(LedgerItem.APART);
    return new Lying(
        end < 0 ? Optional.empty() : Optional.of(key.substring(0, end)),
        end < 0 ? key : item.findText(LedgerItem.REQUEST).orElse(""),
        ItemText.of(row),
        item.findNumber(EXPIRY).orElse(0));
  }

  @Override
  public Optional<Head> head(String chain) {
    Item item =
        new Item(
            dynamo
                .getItem(get -> get.tableName(table).key(headKey(chain)).consistentRead(true))
                .item());
    if (item.names().isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Long> open = new TreeMap<>();
    Item segments = item.map(OPEN);
    segments.names().forEach(segment -> open.put(segment, segments.number(segment)));
    return Optional.of(
        new Head(chain, item.number(LINKS), item.text(HASH), item.number(LAST_EXPIRY), open));
  }

  @Override
  public boolean advance(Optional<Head> before, Head after, List<Block> links) {
    try {
      dynamo.transactWriteItems(request ->
          request.transactItems(
              Stream.concat(Stream.of(put(before, after)), links.stream().map(this::put))
                  .toList()));
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

  private TransactWriteItem put(Optional<Head> before, Head after) {
    Item open = Item.EMPTY;
    for (Map.Entry<String, Long> segment : after.open().entrySet()) {
      open = open.with(segment.getKey(), segment.getValue());
    }
    Item item =
        new Item(headKey(after.chain()))
            .with(LINKS, after.links())
            .with(HASH, after.hash())
            .with(LAST_EXPIRY, after.expiry())
            .with(OPEN, open);
    return TransactWriteItem.builder()
        .put(put -> {
          put.tableName(table).item(item.attributes());
          before.ifPresentOrElse(
              head ->
                  put.conditionExpression("#hash = :hash")
                      .expressionAttributeNames(Map.of("#hash", HASH))
                      .expressionAttributeValues(
                          Map.of(":hash", AttributeValue.fromS(head.hash()))),
              () -> put.conditionExpression(UNLESS_THERE));
        })
        .build();
  }

  private TransactWriteItem put(Block link) {
    return TransactWriteItem.builder()
        .put(put -> put.tableName(table).item(item(link)).conditionExpression(UNLESS_THERE))
        .build();
  }

  private static Map<String, AttributeValue> headKey(String chain) {
    return Map.of("pk", AttributeValue.fromS("H#" + chain), "sk", AttributeValue.fromS(HEAD));
  }

  private static Map<String, AttributeValue> item(Block block) {
    Map<String, AttributeValue> item = new HashMap<>(ItemText.read(block.row()));
    Place place = Place.of(block.strand());
    item.put("pk", AttributeValue.fromS(place.partition()));
    item.put("sk", AttributeValue.fromS(place.before() + number(block.seq())));
    item.put(PREVIOUS, AttributeValue.fromS(block.previous()));
    item.put(BODY, AttributeValue.fromS(block.body()));
    item.put(HASH, AttributeValue.fromS(block.hash()));
    if (block.expiry() > 0) {
      item.put(EXPIRY, AttributeValue.fromN(Long.toString(block.expiry())));
    }
    return item;
  }

  /** Whatever else an item holds is its row, so anything added or changed makes another digest. */
  private static Map<String, AttributeValue> row(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> row = new HashMap<>(attributes);
    row.keySet().removeAll(OF_A_BLOCK);
    return row;
  }

  private static Block block(String strand, Map<String, AttributeValue> attributes) {
    Item item = new Item(attributes);
    return new Block(
        strand,
        seq(item.text("sk").substring(Place.of(strand).before().length())),
        item.findText(PREVIOUS).orElse(""),
        ItemText.of(row(attributes)),
        item.findText(BODY).orElse(""),
        item.findNumber(EXPIRY).orElse(0),
        item.findText(HASH).orElse(""));
  }

  /** As many digits as an int has, so that places sort as numbers do. */
  private static String number(long seq) {
    return "%010d".formatted(seq);
  }

  /** Anything but a place as it is written here is none. */
  private static long seq(String text) {
    try {
      long seq = Long.parseLong(text);
      return number(seq).equals(text) ? seq : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /**
   * Where a strand's blocks are.
   *
   * @param before what their sort keys begin with
   */
  private record Place(String partition, String before) {

    static Place of(String strand) {
      return EntryStrand.read(strand)
          .map(entries ->
              new Place(
                  LedgerItem.partition(entries.chain(), entries.day()), entries.segment() + "#"))
          .orElseGet(() -> new Place(strand, ""));
    }

    /** All blocks of the strand, in the order of their places. */
    QueryRequest.Builder all(QueryRequest.Builder query) {
      query.consistentRead(true);
      return before.isEmpty()
          ? query
              .keyConditionExpression("pk = :pk")
              .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition)))
          : query
              .keyConditionExpression("pk = :pk AND begins_with(sk, :sk)")
              .expressionAttributeValues(
                  Map.of(
                      ":pk", AttributeValue.fromS(partition),
                      ":sk", AttributeValue.fromS(before)));
    }
  }
}
