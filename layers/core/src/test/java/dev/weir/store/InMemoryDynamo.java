package dev.weir.store;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB in memory: exactly the requests and expressions Weir uses, everything else throws.
 *
 * <p>Tables come into being when they are written to; keys are {@code pk} and, where an item has
 * one, {@code sk}. Like the SDK it makes two attempts. Checked against DynamoDB Local by the
 * differential test in {@code local/e2e}.
 */
public final class InMemoryDynamo implements DynamoDbClient {

  private static final int ATTEMPTS = 2;
  private static final Map<String, Expression.Condition> CONDITIONS = new ConcurrentHashMap<>();
  private static final Map<String, Expression.Change> CHANGES = new ConcurrentHashMap<>();

  private final Map<List<String>, Map<String, AttributeValue>> items;
  private final InstantSource clock;
  private final Network network;

  /** An empty database whose replies carry the time of {@code clock}. */
  public InMemoryDynamo(InstantSource clock) {
    this(new HashMap<>(), clock, Network.PERFECT);
  }

  private InMemoryDynamo(
      Map<List<String>, Map<String, AttributeValue>> items, InstantSource clock, Network network) {
    this.items = items;
    this.clock = clock;
    this.network = network;
  }

  /** The same database seen through a network. */
  public InMemoryDynamo through(Network way) {
    return new InMemoryDynamo(items, clock, way);
  }

  /** The item as it is, empty if there is none. */
  public Map<String, AttributeValue> item(String table, String pk) {
    synchronized (items) {
      return items.getOrDefault(List.of(table, pk), Map.of());
    }
  }

  /** The item with this sort key as it is, empty if there is none. */
  public Map<String, AttributeValue> item(String table, String pk, String sk) {
    synchronized (items) {
      return items.getOrDefault(List.of(table, pk, sk), Map.of());
    }
  }

  /** The keys of everything in a table. */
  public Set<List<String>> keys(String table) {
    synchronized (items) {
      return items.keySet().stream()
          .filter(key -> key.getFirst().equals(table))
          .collect(Collectors.toSet());
    }
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return attempt(
        request,
        () ->
            GetItemResponse.builder()
                .item(items.get(key(request.tableName(), request.key())))
                .sdkHttpResponse(http(200)));
  }

  @Override
  public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    return attempt(
        request,
        () -> {
          Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
          request
              .requestItems()
              .forEach((table, wanted) -> {
                if (wanted.keys().size() > 100
                    || Set.copyOf(wanted.keys()).size() < wanted.keys().size()) {
                  throw Invalid.because("too many keys, or one of them twice");
                }
                found.put(
                    table,
                    wanted.keys().stream()
                        .map(key -> items.get(key(table, key)))
                        .filter(Objects::nonNull)
                        .toList());
              });
          return BatchGetItemResponse.builder().responses(found).sdkHttpResponse(http(200));
        });
  }

  @Override
  public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest request) {
    return attempt(
        request,
        () -> {
          request
              .requestItems()
              .forEach((table, writes) -> {
                if (writes.size() > 25) {
                  throw Invalid.because("too many items");
                }
                writes.forEach(write -> put(table, write.putRequest().item()));
              });
          return BatchWriteItemResponse.builder().sdkHttpResponse(http(200));
        });
  }

  /**
   * One partition in the order of its sort keys or against it, or the tenants in the order of their
   * keys; at most three items a page.
   */
  @Override
  public QueryResponse query(QueryRequest request) {
    if ("tenants".equals(request.indexName())) {
      return attempt(request, () -> tenants(request));
    }
    boolean isWhole = request.keyConditionExpression().equals("pk = :pk");
    boolean isFrom = request.keyConditionExpression().equals("pk = :pk AND sk >= :sk");
    if (!isWhole
        && !isFrom
        && !request.keyConditionExpression().equals("pk = :pk AND begins_with(sk, :sk)")) {
      throw new UnsupportedOperationException(request.keyConditionExpression());
    }
    return attempt(
        request,
        () -> {
          String pk = text(request.expressionAttributeValues(), ":pk");
          String before = isWhole ? "" : text(request.expressionAttributeValues(), ":sk");
          String after =
              request.hasExclusiveStartKey() ? text(request.exclusiveStartKey(), "sk") : "";
          boolean isForward = !Boolean.FALSE.equals(request.scanIndexForward());
          Comparator<Map.Entry<List<String>, Map<String, AttributeValue>>> order =
              Comparator.comparing(entry -> entry.getKey().get(2));
          int size = request.limit() == null ? 3 : Math.min(3, request.limit());
          List<Map<String, AttributeValue>> rest =
              items.entrySet().stream()
                  .filter(entry -> entry.getKey().size() == 3)
                  .filter(entry ->
                      entry.getKey().subList(0, 2).equals(List.of(request.tableName(), pk)))
                  .filter(entry ->
                      isFrom
                          ? entry.getKey().get(2).compareTo(before) >= 0
                          : entry.getKey().get(2).startsWith(before))
                  .filter(entry ->
                      after.isEmpty()
                          || (isForward ? 1 : -1) * entry.getKey().get(2).compareTo(after) > 0)
                  .sorted(isForward ? order : order.reversed())
                  .map(Map.Entry::getValue)
                  .toList();
          List<Map<String, AttributeValue>> page = rest.subList(0, Math.min(size, rest.size()));
          QueryResponse.Builder reply =
              QueryResponse.builder()
                  .items(
                      page.stream()
                          .filter(item -> passes(request, item))
                          .map(item -> projected(request, item))
                          .toList());
          if (rest.size() > size) {
            reply.lastEvaluatedKey(
                Map.of(
                    "pk",
                    AttributeValue.fromS(pk),
                    "sk",
                    AttributeValue.fromS(text(page.getLast(), "sk"))));
          }
          return reply;
        });
  }

  private QueryResponse.Builder tenants(QueryRequest request) {
    String kind = text(request.expressionAttributeValues(), ":kind");
    String after = request.hasExclusiveStartKey() ? text(request.exclusiveStartKey(), "pk") : "";
    List<Map<String, AttributeValue>> rest =
        items.entrySet().stream()
            .filter(entry -> entry.getKey().getFirst().equals(request.tableName()))
            .map(Map.Entry::getValue)
            .filter(item -> AttributeValue.fromS(kind).equals(item.get("ty")))
            .filter(item -> text(item, "pk").compareTo(after) > 0)
            .sorted(Comparator.comparing(item -> text(item, "pk")))
            .toList();
    int most = request.limit() == null ? 3 : Math.min(3, request.limit());
    List<Map<String, AttributeValue>> page = rest.subList(0, Math.min(most, rest.size()));
    QueryResponse.Builder reply = QueryResponse.builder().items(page);
    if (rest.size() > page.size()) {
      reply.lastEvaluatedKey(
          Map.of(
              "ty",
              AttributeValue.fromS(kind),
              "pk",
              AttributeValue.fromS(text(page.getLast(), "pk"))));
    }
    return reply;
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return attempt(
        request,
        () -> {
          require(
              request.tableName(),
              request.item(),
              request.conditionExpression(),
              request.expressionAttributeNames(),
              request.expressionAttributeValues(),
              request.returnValuesOnConditionCheckFailure());
          put(request.tableName(), request.item());
          return PutItemResponse.builder().sdkHttpResponse(http(200));
        });
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    return attempt(
        request,
        () -> {
          require(
              request.tableName(),
              request.key(),
              request.conditionExpression(),
              request.expressionAttributeNames(),
              request.expressionAttributeValues(),
              request.returnValuesOnConditionCheckFailure());
          items.remove(key(request.tableName(), request.key()));
          return DeleteItemResponse.builder().sdkHttpResponse(http(200));
        });
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return attempt(
        request,
        () -> {
          unused(
              request.updateExpression(),
              request.conditionExpression(),
              request.expressionAttributeNames(),
              request.expressionAttributeValues());
          require(
              request.tableName(),
              request.key(),
              request.conditionExpression(),
              request.expressionAttributeNames(),
              request.expressionAttributeValues(),
              request.returnValuesOnConditionCheckFailure());
          Map<String, AttributeValue> now =
              update(
                  request.tableName(),
                  request.key(),
                  request.updateExpression(),
                  request.expressionAttributeNames(),
                  request.expressionAttributeValues());
          UpdateItemResponse.Builder reply = UpdateItemResponse.builder();
          if (request.returnValues() == ReturnValue.ALL_NEW) {
            reply.attributes(now);
          }
          return reply.sdkHttpResponse(http(200));
        });
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return attempt(
        request,
        () -> {
          List<Boolean> held = request.transactItems().stream().map(this::holds).toList();
          if (held.contains(false)) {
            throw TransactionCanceledException.builder()
                .cancellationReasons(
                    held.stream()
                        .map(ok ->
                            CancellationReason.builder()
                                .code(ok ? "None" : "ConditionalCheckFailed")
                                .build())
                        .toList())
                .message(
                    held.stream()
                        .map(ok -> ok ? "None" : "ConditionalCheckFailed")
                        .collect(
                            Collectors.joining(
                                ", ",
                                "Transaction cancelled, please refer cancellation reasons for"
                                    + " specific reasons [",
                                "]")))
                .build();
          }
          request.transactItems().forEach(this::carryOut);
          return TransactWriteItemsResponse.builder().sdkHttpResponse(http(200));
        });
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}

  private <T extends SdkResponse> T attempt(
      SdkRequest request, Supplier<? extends SdkResponse.Builder> work) {
    network.begin();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!network.request()) {
        continue;
      }
      SdkResponse.Builder reply = null;
      RuntimeException refusal = null;
      synchronized (items) {
        try {
          reply = work.get();
        } catch (ConditionalCheckFailedException | TransactionCanceledException e) {
          refusal = e;
        }
      }
      network.carriedOut(request, refusal == null);
      if (network.reply()) {
        return finish(reply, refusal);
      }
    }
    throw ApiCallTimeoutException.builder().message("no reply").writableStackTrace(false).build();
  }

  @SuppressWarnings("unchecked")
  private static <T extends SdkResponse> T finish(
      SdkResponse.@Nullable Builder reply, @Nullable RuntimeException refusal) {
    if (reply == null) {
      throw refusal == null ? new IllegalStateException("neither reply nor refusal") : refusal;
    }
    return (T) reply.build();
  }

  private boolean holds(TransactWriteItem item) {
    if (item.put() != null) {
      return test(
          item.put().tableName(),
          item.put().item(),
          item.put().conditionExpression(),
          item.put().expressionAttributeNames(),
          item.put().expressionAttributeValues());
    }
    if (item.update() != null) {
      return test(
          item.update().tableName(),
          item.update().key(),
          item.update().conditionExpression(),
          item.update().expressionAttributeNames(),
          item.update().expressionAttributeValues());
    }
    if (item.conditionCheck() != null) {
      return test(
          item.conditionCheck().tableName(),
          item.conditionCheck().key(),
          item.conditionCheck().conditionExpression(),
          item.conditionCheck().expressionAttributeNames(),
          item.conditionCheck().expressionAttributeValues());
    }
    return test(
        item.delete().tableName(),
        item.delete().key(),
        item.delete().conditionExpression(),
        item.delete().expressionAttributeNames(),
        item.delete().expressionAttributeValues());
  }

  private void carryOut(TransactWriteItem item) {
    if (item.put() != null) {
      put(item.put().tableName(), item.put().item());
    } else if (item.update() != null) {
      update(
          item.update().tableName(),
          item.update().key(),
          item.update().updateExpression(),
          item.update().expressionAttributeNames(),
          item.update().expressionAttributeValues());
    } else if (item.delete() != null) {
      items.remove(key(item.delete().tableName(), item.delete().key()));
    }
  }

  private void require(
      String table,
      Map<String, AttributeValue> item,
      @Nullable String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      @Nullable ReturnValuesOnConditionCheckFailure returned) {
    if (!test(table, item, condition, names, values)) {
      Map<String, AttributeValue> old = items.get(key(table, item));
      throw ConditionalCheckFailedException.builder()
          .item(returned == ReturnValuesOnConditionCheckFailure.ALL_OLD ? old : null)
          .message("The conditional request failed")
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("ConditionalCheckFailedException")
                  .sdkHttpResponse(http(400))
                  .build())
          .writableStackTrace(false)
          .build();
    }
  }

  /** A page is filtered after it is cut, as DynamoDB does. */
  private boolean passes(QueryRequest request, Map<String, AttributeValue> item) {
    return test(
        request.tableName(),
        item,
        request.filterExpression(),
        request.expressionAttributeNames(),
        request.expressionAttributeValues());
  }

  /** Of an item, the attributes that are asked for. */
  private static Map<String, AttributeValue> projected(
      QueryRequest request, Map<String, AttributeValue> item) {
    if (request.projectionExpression() == null) {
      return item;
    }
    Map<String, AttributeValue> asked = new HashMap<>(item);
    asked
        .keySet()
        .retainAll(
            Stream.of(request.projectionExpression().split(", *", -1))
                .map(name -> request.expressionAttributeNames().getOrDefault(name, name))
                .toList());
    return asked;
  }

  private boolean test(
      String table,
      Map<String, AttributeValue> item,
      @Nullable String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    Map<String, AttributeValue> old = items.getOrDefault(key(table, item), Map.of());
    return condition == null
        || CONDITIONS
            .computeIfAbsent(condition, Expression::condition)
            .test()
            .test(new Scope(old, names, values));
  }

  private void put(String table, Map<String, AttributeValue> item) {
    items.put(key(table, item), Map.copyOf(item));
  }

  private Map<String, AttributeValue> update(
      String table,
      Map<String, AttributeValue> key,
      String expression,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    Map<String, AttributeValue> old = items.getOrDefault(key(table, key), key);
    Scope scope = new Scope(old, names, values);
    Expression.Change change = CHANGES.computeIfAbsent(expression, Expression::change);
    overlapping(scope, change);
    Map<String, AttributeValue> now = new HashMap<>(old);
    change.sets().forEach(set -> write(now, scope.resolve(set.path()), set.value().apply(scope)));
    change.removals().forEach(path -> write(now, scope.resolve(path), null));
    items.put(key(table, key), now);
    return now;
  }

  private static void write(
      Map<String, AttributeValue> map, List<String> path, @Nullable AttributeValue value) {
    String name = path.getFirst();
    if (path.size() > 1) {
      AttributeValue inner = map.get(name);
      if (inner == null || !inner.hasM()) {
        throw Invalid.because("The document path provided in the update expression is invalid");
      }
      Map<String, AttributeValue> changed = new HashMap<>(inner.m());
      write(changed, path.subList(1, path.size()), value);
      map.put(name, AttributeValue.fromM(changed));
    } else if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
  }

  private static void overlapping(Scope scope, Expression.Change change) {
    Set<List<String>> paths = new HashSet<>();
    Stream.concat(
            change.sets().stream().map(Expression.Assignment::path), change.removals().stream())
        .map(scope::resolve)
        .forEach(path -> {
          if (!paths.add(path)) {
            throw Invalid.because("Two document paths overlap with each other: " + path);
          }
        });
    paths.forEach(path ->
        IntStream.range(1, path.size())
            .filter(length -> paths.contains(path.subList(0, length)))
            .forEach(length -> {
              throw Invalid.because("Two document paths overlap with each other: " + path);
            }));
  }

  private static void unused(
      String update,
      @Nullable String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    Set<String> used =
        new HashSet<>(CHANGES.computeIfAbsent(update, Expression::change).placeholders());
    if (condition != null) {
      used.addAll(CONDITIONS.computeIfAbsent(condition, Expression::condition).placeholders());
    }
    List<Collection<String>> given = List.of(names.keySet(), values.keySet());
    Set<String> all = new HashSet<>();
    given.forEach(all::addAll);
    if (!used.equals(all)) {
      throw Invalid.because("placeholders used " + used + " but given " + all);
    }
  }

  private static List<String> key(String table, Map<String, AttributeValue> item) {
    List<String> key = new ArrayList<>(List.of(table, text(item, "pk")));
    if (item.containsKey("sk")) {
      key.add(text(item, "sk"));
    }
    return key;
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null || value.s() == null) {
      throw Invalid.because("One of the required keys was not given a value: " + name);
    }
    return value.s();
  }

  private SdkHttpResponse http(int status) {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
    return SdkHttpResponse.builder().statusCode(status).putHeader("Date", date).build();
  }
}
