package dev.weir.store;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The table of tenants and API keys: items {@code T#<tenantId>} and {@code K#<sha256 hex>}.
 *
 * <p>Every method makes one request and throws the SDK's unchecked exceptions for faults.
 */
public final class TenantTable {

  /** In a key's item: the tenant it belongs to. */
  public static final String KEY_TENANT = "t";

  /** In a key's item: its id within the tenant. */
  public static final String KEY_ID = "k";

  private static final String KEY = "pk";

  /** The index of tenants, by {@link TenantItem#KIND} and {@code pk}, keys alone. */
  private static final String TENANTS = "tenants";

  private static final String TENANT = "T#";

  /**
   * A read changes nothing, so it may take longer than the limiter's writes: it is the first
   * request of a cold environment, which has classes to load and a connection to open.
   */
  private static final Duration READ = Duration.ofSeconds(5);

  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient client;
  private final String table;
  private volatile Dated lastDate = new Dated("", OptionalLong.empty());

  public TenantTable(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  /** Reads a tenant's item, strongly consistent. */
  public Reply.Read tenant(String tenantId) {
    return read(tenantKey(tenantId));
  }

  /** Reads an API key's item, strongly consistent: a key works as soon as it is issued. */
  public Optional<Item> key(String hash) {
    return read(apiKey(hash)).item();
  }

  /** Creates a tenant's item; false if there is one already. */
  public boolean create(String tenantId, Item item) {
    try {
      client.putItem(put ->
          put.tableName(table)
              .item(with(item, tenantKey(tenantId)))
              .conditionExpression("attribute_not_exists(pk)")
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return true;
    } catch (ConditionalCheckFailedException exists) {
      // A repeated request after a lost reply finds the item it made itself.
      return item(exists.item())
          .map(found -> found.text(TenantItem.GENERATION))
          .filter(item.text(TenantItem.GENERATION)::equals)
          .isPresent();
    }
  }

  /** Some of the tenants by id; the index is eventually consistent. */
  public TenantPage page(Optional<String> after, int most) {
    AttributeValue kind = AttributeValue.fromS(TenantItem.TENANT);
    QueryResponse page =
        client.query(query ->
            query
                .tableName(table)
                .indexName(TENANTS)
                .keyConditionExpression(TenantItem.KIND + " = :kind")
                .expressionAttributeValues(Map.of(":kind", kind))
                .exclusiveStartKey(
                    after
                        .map(id ->
                            with(
                                Item.EMPTY.with(TenantItem.KIND, TenantItem.TENANT), tenantKey(id)))
                        .orElse(null))
                .limit(most));
    List<String> ids =
        page.items().stream()
            .map(item -> new Item(item).text(KEY).substring(TENANT.length()))
            .toList();
    return new TenantPage(
        ids, page.hasLastEvaluatedKey() ? Optional.of(ids.getLast()) : Optional.empty());
  }

  /** Updates a tenant's item under the update's condition. */
  public Reply update(String tenantId, Update update) {
    UpdateItemRequest.Builder request =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(tenantKey(tenantId))
            .updateExpression(update.expression())
            .conditionExpression(update.condition())
            .expressionAttributeValues(update.values())
            .returnValues(ReturnValue.ALL_NEW)
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    if (!update.names().isEmpty()) {
      request.expressionAttributeNames(update.names());
    }
    try {
      UpdateItemResponse reply = client.updateItem(request.build());
      return new Reply.Written(new Item(reply.attributes()), date(reply.sdkHttpResponse()));
    } catch (ConditionalCheckFailedException e) {
      return new Reply.Refused(
          item(e.item()),
          date(e.awsErrorDetails() == null ? null : e.awsErrorDetails().sdkHttpResponse()));
    }
  }

  /** Whether DynamoDB took no more requests, on the item or at all. */
  public static boolean isThrottled(RuntimeException fault) {
    return fault instanceof SdkServiceException refused && refused.isThrottlingException();
  }

  /** A write to an API key's item. */
  public sealed interface KeyWrite {
    /** Creates it; refused if it exists. */
    record Put(String hash, Item item) implements KeyWrite {}

    /** Removes it, if it exists. */
    record Delete(String hash) implements KeyWrite {}
  }

  /**
   * Updates items of tenants, by id, together with items of keys: all or none; false if a condition
   * did not hold.
   */
  public boolean change(Map<String, Update> updates, List<KeyWrite> keys) {
    try {
      client.transactWriteItems(request ->
          request
              // Without it a repeated transaction would fail on what the first one did.
              .clientRequestToken(UUID.randomUUID().toString())
              .transactItems(
                  Stream.concat(
                          updates.entrySet().stream()
                              .map(entry -> write(entry.getKey(), entry.getValue())),
                          keys.stream().map(this::write))
                      .toList()));
      return true;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream()
          .anyMatch(reason -> CONDITION_FAILED.equals(reason.code()))) {
        return false;
      }
      throw e;
    }
  }

  private TransactWriteItem write(String tenantId, Update update) {
    return TransactWriteItem.builder()
        .update(item -> {
          item.tableName(table)
              .key(tenantKey(tenantId))
              .updateExpression(update.expression())
              .conditionExpression(update.condition())
              .expressionAttributeValues(update.values());
          if (!update.names().isEmpty()) {
            item.expressionAttributeNames(update.names());
          }
        })
        .build();
  }

  private TransactWriteItem write(KeyWrite write) {
    return switch (write) {
      case KeyWrite.Put put ->
          TransactWriteItem.builder()
              .put(item ->
                  item.tableName(table)
                      .item(with(put.item(), apiKey(put.hash())))
                      .conditionExpression("attribute_not_exists(pk)"))
              .build();
      case KeyWrite.Delete delete ->
          TransactWriteItem.builder()
              .delete(item -> item.tableName(table).key(apiKey(delete.hash())))
              .build();
    };
  }

  private Reply.Read read(Map<String, AttributeValue> key) {
    GetItemResponse reply =
        client.getItem(
            GetItemRequest.builder()
                .tableName(table)
                .key(key)
                .consistentRead(true)
                .overrideConfiguration(limits -> limits.apiCallTimeout(READ))
                .build());
    return new Reply.Read(
        item(reply.hasItem() ? reply.item() : null), date(reply.sdkHttpResponse()));
  }

  private static Optional<Item> item(@Nullable Map<String, AttributeValue> attributes) {
    return attributes == null || attributes.isEmpty()
        ? Optional.empty()
        : Optional.of(new Item(attributes));
  }

  private OptionalLong date(@Nullable SdkHttpResponse response) {
    if (response == null) {
      return OptionalLong.empty();
    }
    String text = response.firstMatchingHeader("Date").orElse("");
    Dated known = lastDate;
    if (!known.text().equals(text)) {
      known = Dated.of(text);
      lastDate = known;
    }
    return known.millis();
  }

  /** A Date header, read once for all replies of its second. */
  private record Dated(String text, OptionalLong millis) {
    static Dated of(String text) {
      try {
        ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
        return new Dated(text, OptionalLong.of(date.toInstant().toEpochMilli()));
      } catch (DateTimeException unreadable) {
        return new Dated(text, OptionalLong.empty());
      }
    }
  }

  private static Map<String, AttributeValue> tenantKey(String tenantId) {
    return Map.of(KEY, AttributeValue.fromS(TENANT + tenantId));
  }

  private static Map<String, AttributeValue> apiKey(String hash) {
    return Map.of(KEY, AttributeValue.fromS("K#" + hash));
  }

  private static Map<String, AttributeValue> with(Item item, Map<String, AttributeValue> key) {
    Map<String, AttributeValue> all = new HashMap<>(item.attributes());
    all.putAll(key);
    return all;
  }
}
