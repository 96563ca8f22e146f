package dev.weir.store;

import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The SDK's client of DynamoDB without its pipeline, for the operations Weir uses: the SDK's
 * requests, replies, exceptions, signer and retries. Of a request's override configuration it heeds
 * {@code apiCallTimeout}; replies have no response metadata but their HTTP response. Thread-safe.
 */
final class ItemClient implements DynamoDbClient {

  /** One token bucket for all operations, as the SDK has it. */
  private static final AcquireInitialTokenRequest START =
      AcquireInitialTokenRequest.create("GLOBAL");

  private final Endpoint endpoint;
  private final Signing signing;
  private final Patience patience;
  private final UnaryOperator<SdkHttpClient> wire;
  private final RetryStrategy retries;

  ItemClient(
      Endpoint endpoint, Signing signing, Patience patience, UnaryOperator<SdkHttpClient> wire) {
    this.endpoint = endpoint;
    this.signing = signing;
    this.patience = patience;
    this.wire = wire;
    this.retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(patience.attempts())
            .retryOnException(Faults::isConflict)
            .build();
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return call("GetItem", request, GetItemResponse::builder).build();
  }

  @Override
  public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    return call("BatchGetItem", request, BatchGetItemResponse::builder).build();
  }

  @Override
  public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest request) {
    return call("BatchWriteItem", request, BatchWriteItemResponse::builder).build();
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return call("PutItem", request, PutItemResponse::builder).build();
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return call("UpdateItem", request, UpdateItemResponse::builder).build();
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return call("Query", request, QueryResponse::builder).build();
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return call("TransactWriteItems", request, TransactWriteItemsResponse::builder).build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** Nothing is held here. */
  @Override
  public void close() {}

  private <R extends DynamoDbResponse.Builder & SdkPojo> R call(
      String operation, AwsRequest request, Supplier<R> empty) {
    Duration limit =
        request
            .overrideConfiguration()
            .flatMap(AwsRequestOverrideConfiguration::apiCallTimeout)
            .orElse(patience.call());
    long start = System.nanoTime();
    byte[] body = Pojos.write(request);
    RetryToken token = retries.acquireInitialToken(START).token();
    while (true) {
      Duration left = limit.minusNanos(System.nanoTime() - start);
      try {
        R reply = attempt(operation, body, empty.get(), left);
        retries.recordSuccess(RecordSuccessRequest.create(token));
        return reply;
      } catch (SdkException fault) {
        token = again(token, fault, limit.minusNanos(System.nanoTime() - start));
      }
    }
  }

  /** Waits for the next attempt, or throws {@code fault} if there is none within the time left. */
  private RetryToken again(RetryToken token, SdkException fault, Duration left) {
    RefreshRetryTokenResponse next;
    try {
      next =
          retries.refreshRetryToken(
              RefreshRetryTokenRequest.builder()
                  .token(token)
                  .failure(fault)
                  .suggestedDelay(Duration.ZERO)
                  .build());
    } catch (TokenAcquisitionFailedException spent) {
      throw fault;
    }
    if (next.delay().plusMillis(1).compareTo(left) > 0) {
      throw fault;
    }
    try {
      Thread.sleep(next.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted", e);
    }
    return next.token();
  }

  private <R extends DynamoDbResponse.Builder & SdkPojo> R attempt(
      String operation, byte[] body, R reply, Duration left) {
    SdkHttpRequest request =
        endpoint
            .post("/", "application/x-amz-json-1.0", body.length)
            .putHeader("X-Amz-Target", "DynamoDB_20120810." + operation)
            .build();
    SdkHttpClient http =
        wire.apply(
            new WholeBodyHttpClient(
                within(left, patience.connect()), within(left, patience.read())));
    try {
      HttpExecuteResponse response = http.prepareRequest(signing.sign(request, body)).call();
      SdkHttpResponse head = response.httpResponse();
      byte[] content = content(response);
      if (!head.isSuccessful()) {
        throw Faults.of(head, content);
      }
      Pojos.read(content, reply);
      reply.sdkHttpResponse(head);
      return reply;
    } catch (IOException e) {
      throw SdkClientException.create("no answer from DynamoDB: " + e.getMessage(), e);
    }
  }

  /** The body, compared with DynamoDB's checksum of it if there is one. */
  private static byte[] content(HttpExecuteResponse response) throws IOException {
    if (response.responseBody().isEmpty()) {
      return new byte[0];
    }
    try (InputStream body = response.responseBody().get()) {
      byte[] content = body.readAllBytes();
      Optional<String> expected = response.httpResponse().firstMatchingHeader("x-amz-crc32");
      if (expected.isPresent()) {
        CRC32 actual = new CRC32();
        actual.update(content);
        if (!expected.get().equals(Long.toString(actual.getValue()))) {
          throw Crc32MismatchException.builder().message("the reply is damaged").build();
        }
      }
      return content;
    }
  }

  /** Never zero, which would be for ever. */
  private static Duration within(Duration left, Duration limit) {
    return Duration.ofMillis(Math.clamp(left.toMillis(), 1, limit.toMillis()));
  }
}
