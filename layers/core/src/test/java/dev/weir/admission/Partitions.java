package dev.weir.admission;

import dev.weir.tenant.Sharding;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB's bound for one item: 1,000 write units in each second of true time, one for each KB of
 * the item and two in a transaction; refused conditions count, too. What is above is throttled.
 */
final class Partitions {

  private static final int UNIT = 1024;

  private static final class Load {
    private long second = -1;
    private long now;
    private long most;
    private long all;
    private long bytes;
  }

  private final VirtualTime time;
  private final Map<Map<String, AttributeValue>, Load> loads = new HashMap<>();
  private long throttled;

  Partitions(VirtualTime time) {
    this.time = time;
  }

  /** Requests that were throttled. */
  long throttled() {
    return throttled;
  }

  /** The most write units of any item in any second. */
  long most() {
    return loads.values().stream().mapToLong(load -> load.most).max().orElse(0);
  }

  /** Write units of all items. */
  long all() {
    return loads.values().stream().mapToLong(load -> load.all).sum();
  }

  /** The greatest item's last size. */
  long bytes() {
    return loads.values().stream().mapToLong(load -> load.bytes).max().orElse(0);
  }

  /** The database behind {@code client} with such items. */
  DynamoDbClient of(DynamoDbClient client) {
    return new Client(client);
  }

  private Load load(Map<String, AttributeValue> key) {
    Load load = loads.computeIfAbsent(key, item -> new Load());
    long second = time.micros() / Traffic.SECOND;
    if (load.second != second) {
      load.second = second;
      load.now = 0;
    }
    if (load.now >= Sharding.ITEM_WRITE_UNITS) {
      throttled++;
      throw ProvisionedThroughputExceededException.builder()
          .message("too many writes on one item")
          .awsErrorDetails(
              AwsErrorDetails.builder().errorCode("ProvisionedThroughputExceededException").build())
          .writableStackTrace(false)
          .build();
    }
    return load;
  }

  private static void charge(Load load, Map<String, AttributeValue> item) {
    load.bytes = item.entrySet().stream().mapToLong(Partitions::bytes).sum();
    charge(load, 1);
  }

  private static void charge(Load load, int times) {
    long units = times * Math.ceilDiv(Math.max(1, load.bytes), UNIT);
    load.now += units;
    load.all += units;
    load.most = Math.max(load.most, load.now);
  }

  private static long bytes(Map.Entry<String, AttributeValue> entry) {
    return entry.getKey().length() + bytes(entry.getValue());
  }

  private static long bytes(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().getBytes(StandardCharsets.UTF_8).length;
      case N -> value.n().length() / 2 + 2;
      case B -> value.b().asByteArrayUnsafe().length;
      case M -> 3 + value.m().entrySet().stream().mapToLong(in -> 1 + bytes(in)).sum();
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  private final class Client implements DynamoDbClient {

    private final DynamoDbClient client;

    private Client(DynamoDbClient client) {
      this.client = client;
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      return client.getItem(request);
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
      Load load = load(request.key());
      try {
        UpdateItemResponse reply = client.updateItem(request);
        charge(load, reply.attributes());
        return reply;
      } catch (ConditionalCheckFailedException refused) {
        charge(load, refused.item());
        throw refused;
      }
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
      for (TransactWriteItem item : request.transactItems()) {
        charge(load(item.update().key()), 2);
      }
      return client.transactWriteItems(request);
    }

    @Override
    public String serviceName() {
      return client.serviceName();
    }

    @Override
    public void close() {}
  }
}
