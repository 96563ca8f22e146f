package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** The SDK's own client as the judge of what ours sends. */
class SdkWireTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Every type there is, empty and nested. */
  static final Map<String, AttributeValue> EVERYTHING =
      Map.ofEntries(
          Map.entry("pk", AttributeValue.fromS("Grüß 😀 \\ \" \u2028 \u0000")),
          Map.entry("empty", AttributeValue.fromS("")),
          Map.entry("n", AttributeValue.fromN("-12345678901234567890.5")),
          Map.entry("b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1, 62, 63}))),
          Map.entry("b0", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0]))),
          Map.entry("yes", AttributeValue.fromBool(true)),
          Map.entry("nul", AttributeValue.fromNul(true)),
          Map.entry("ss", AttributeValue.fromSs(List.of("a", "b"))),
          Map.entry("ns", AttributeValue.fromNs(List.of("1", "2"))),
          Map.entry("bs", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("x")))),
          Map.entry("m0", AttributeValue.fromM(Map.of())),
          Map.entry("l0", AttributeValue.fromL(List.of())),
          Map.entry(
              "l",
              AttributeValue.fromL(
                  List.of(
                      AttributeValue.fromM(Map.of("in", AttributeValue.fromN("1"))),
                      AttributeValue.fromBool(false)))));

  private record Request(String name, Function<DynamoDbClient, ? extends DynamoDbResponse> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Request> requests() {
    Map<String, AttributeValue> key = Map.of("pk", AttributeValue.fromS("T#a"));
    return Stream.of(
        new Request(
            "a read",
            client -> client.getItem(get -> get.tableName("t").key(key).consistentRead(true))),
        new Request(
            "a read of some attributes",
            client ->
                client.getItem(get ->
                    get.tableName("t")
                        .key(key)
                        .projectionExpression("#a, b[0]")
                        .expressionAttributeNames(Map.of("#a", "size"))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))),
        new Request(
            "reads of several",
            client ->
                client.batchGetItem(get ->
                    get.requestItems(
                        Map.of("t", KeysAndAttributes.builder().keys(List.of(key)).build())))),
        new Request(
            "writes of several",
            client ->
                client.batchWriteItem(write ->
                    write.requestItems(
                        Map.of(
                            "t",
                            List.of(
                                WriteRequest.builder()
                                    .putRequest(put -> put.item(EVERYTHING))
                                    .build()))))),
        new Request("a put", client -> client.putItem(put -> put.tableName("t").item(EVERYTHING))),
        new Request(
            "an update",
            client ->
                client.updateItem(update ->
                    update
                        .tableName("t")
                        .key(key)
                        .updateExpression("SET #0 = :0")
                        .conditionExpression("attribute_exists(pk)")
                        .expressionAttributeNames(Map.of("#0", "name"))
                        .expressionAttributeValues(EVERYTHING)
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD))),
        new Request(
            "empty maps",
            client ->
                client.updateItem(update ->
                    update
                        .tableName("t")
                        .key(Map.of())
                        .expressionAttributeNames(Map.of())
                        .expressionAttributeValues(new HashMap<>()))),
        new Request(
            "a query",
            client ->
                client.query(query ->
                    query
                        .tableName("t")
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("a")))
                        .limit(5)
                        .scanIndexForward(false)
                        .exclusiveStartKey(key))),
        new Request(
            "a transaction",
            client ->
                client.transactWriteItems(transaction ->
                    transaction
                        .clientRequestToken("token")
                        .transactItems(
                            item -> item.put(put -> put.tableName("t").item(EVERYTHING)),
                            item -> item.delete(delete -> delete.tableName("t").key(key))))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void our_requests_are_those_of_the_sdk(Request request) throws IOException {
    try (Judged judged = new Judged(SdkReplyTest.reply(200, "{}"))) {
      judged.ask(request.of());

      Judged.Sent ours = judged.sent().getFirst();
      Judged.Sent sdk = judged.sent().getLast();
      assertThat(json(ours)).isEqualTo(json(sdk));
      assertThat(ours.path()).isEqualTo(sdk.path());
      for (String header : List.of("X-amz-target", "Content-type")) {
        assertThat(ours.headers().get(header)).isEqualTo(sdk.headers().get(header)).isNotEmpty();
      }
      assertThat(scope(ours)).isEqualTo(scope(sdk)).contains("/eu-west-1/dynamodb/aws4_request");
    }
  }

  private static JsonNode json(Judged.Sent sent) throws IOException {
    return MAPPER.readTree(sent.body());
  }

  private static String scope(Judged.Sent sent) {
    return sent.headers().getOrDefault("Authorization", List.of("")).getFirst().split(",", 2)[0];
  }
}
