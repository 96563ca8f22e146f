package dev.weir.e2e.limiter;

import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A client whose requests and responses are seen. */
final class Watched implements DynamoDbClient {

  private final DynamoDbClient client;
  private final Consumer<DynamoDbRequest> sent;
  private final Consumer<DynamoDbResponse> answered;

  Watched(
      DynamoDbClient client, Consumer<DynamoDbRequest> sent, Consumer<DynamoDbResponse> answered) {
    this.client = client;
    this.sent = sent;
    this.answered = answered;
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return see(request, client::getItem);
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return see(request, client::putItem);
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return see(request, client::updateItem);
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return see(request, client::transactWriteItems);
  }

  private <Q extends DynamoDbRequest, R extends DynamoDbResponse> R see(
      Q request, Function<Q, R> call) {
    sent.accept(request);
    R response = call.apply(request);
    answered.accept(response);
    return response;
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }
}
