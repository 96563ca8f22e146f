package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/** The SDK's own client as the judge of what ours makes of replies. */
class SdkReplyTest {

  private static final String EVERYTHING =
      """
      {"pk":{"S":"Gr\\u00fc\\u00df \\ud83d\\ude00 \\\\ \\u2028"},"empty":{"S":""},\
      "n":{"N":"-12345678901234567890.5"},"b":{"B":"AP8+Pw=="},"b0":{"B":""},\
      "yes":{"BOOL":true},"nul":{"NULL":true},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},\
      "bs":{"BS":["eA=="]},"m0":{"M":{}},"l0":{"L":[]},"none":{},"odd":{"X":[{"y":1}]},\
      "null":{"S":null},"l":{"L":[{"M":{"in":{"N":"1"}}},{"BOOL":false}]}}\
      """;

  static Judged.Answer reply(int status, String body, String... headers) {
    return exchange -> reply(exchange, status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static void reply(HttpExchange exchange, int status, byte[] body, String... headers)
      throws IOException {
    exchange.getResponseHeaders().set("x-amzn-RequestId", "ID");
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "",
        "{\"Item\":{}}",
        "{\"Item\":null}",
        "{\"Item\":" + EVERYTHING + "}",
        "{\"Unknown\":{\"a\":[1,{\"b\":null}]},\"Item\":{\"a\":{\"S\":\"s\"}},\"More\":1.5}",
        "{\"Item\":{\"a\":{\"S\":\"s\"}},\"ConsumedCapacity\":"
            + "{\"TableName\":\"t\",\"CapacityUnits\":1.5,\"Table\":{\"ReadCapacityUnits\":1}}}",
        "<html>",
        "{\"Item\":{\"a\":{\"S\":\"s",
        "{\"Item\":{\"a\":{\"S\":\"s\"}}",
      })
  void a_reply_to_a_read_is_read_alike(String body) throws IOException {
    alike(reply(200, body), SdkReplyTest::get);
  }

  @Test
  void a_reply_to_an_update_is_read_alike() throws IOException {
    alike(reply(200, "{\"Attributes\":" + EVERYTHING + "}"), SdkReplyTest::update);
  }

  @Test
  void a_reply_to_a_query_is_read_alike() throws IOException {
    alike(
        reply(
            200,
            "{\"Count\":2,\"ScannedCount\":3,\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"}},\"Items\":[{},"
                + EVERYTHING
                + "]}"),
        client -> client.query(query -> query.tableName("t")));
  }

  @ParameterizedTest
  @CsvSource({
    "400, ValidationException",
    "400, AccessDeniedException",
    "400, ResourceNotFoundException",
    "400, ProvisionedThroughputExceededException",
    "400, RequestLimitExceeded",
    "400, ThrottlingException",
    "400, ItemCollectionSizeLimitExceededException",
    "400, TransactionInProgressException",
    "400, IdempotentParameterMismatchException",
    "400, ReplicatedWriteConflictException",
    "400, ConditionalCheckFailedException",
    "400, TransactionCanceledException",
    "400, UnrecognizedClientException",
    "400, ExpiredTokenException",
    "500, InternalServerError",
    "503, ServiceUnavailable",
    "413, RequestEntityTooLarge",
  })
  void an_error_is_the_same_exception(int status, String code) throws IOException {
    String body =
        """
        {"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"why: \\"so\\"",
         "Item":%s,"CancellationReasons":[{"Code":"ConditionalCheckFailed","Message":"m"},
         {"Code":"None"}]}\
        """
            .formatted(code, EVERYTHING);
    alike(reply(status, body), SdkReplyTest::update);
  }

  /** The SDK leaves that to its caller; for us another transaction is never a reason to fail. */
  @Test
  void a_conflict_of_transactions_is_tried_again_though_the_sdk_does_not() throws IOException {
    try (Judged judged = new Judged(reply(400, "{\"__type\":\"TransactionConflictException\"}"))) {
      List<Judged.Told> told = judged.ask(SdkReplyTest::update);

      assertThat(told).extracting(Judged.Told::requests).containsExactlyInAnyOrder(1, 2);
      assertThat(told.getFirst().outcome().toString())
          .isEqualTo(told.getLast().outcome().toString())
          .contains("TransactionConflictException");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "<html>busy</html>",
        "[]",
        "{\"__type\":\"x#ConditionalCheckFailedException\",\"Message\":\"no item\"}",
        "{\"__type\":\"ConditionalCheckFailedException\",\"message\":null,\"Item\":{}}",
        "{\"message\":\"nameless\"}",
      })
  void an_error_that_says_little_is_the_same_exception(String body) throws IOException {
    alike(reply(500, body), SdkReplyTest::update);
    alike(reply(400, body), SdkReplyTest::update);
  }

  @Test
  void an_error_may_be_named_by_a_header() throws IOException {
    alike(
        reply(400, "{}", "x-amzn-ErrorType", "ResourceNotFoundException:http://more"),
        SdkReplyTest::update);
  }

  @Test
  void a_reply_with_its_checksum_is_taken() throws IOException {
    String body = "{\"Item\":{\"a\":{\"S\":\"s\"}}}";
    CRC32 checksum = new CRC32();
    checksum.update(body.getBytes(StandardCharsets.UTF_8));
    Judged.Told told =
        alike(
            reply(200, body, "x-amz-crc32", Long.toString(checksum.getValue())), SdkReplyTest::get);

    assertThat(told.requests()).isEqualTo(1);
  }

  @Test
  void a_reply_with_another_checksum_is_refused() throws IOException {
    Judged.Told told = alike(reply(200, "{}", "x-amz-crc32", "1"), SdkReplyTest::get);

    assertThat(told.outcome()).isEqualTo(Crc32MismatchException.class);
  }

  @Test
  void a_reply_cut_short_is_asked_for_again() throws IOException {
    Judged.Told told =
        alike(
            exchange -> {
              exchange.sendResponseHeaders(200, 100);
              exchange.getResponseBody().write("{\"Item\":{".getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              throw new IOException("cut");
            },
            SdkReplyTest::get);

    assertThat(told.requests()).isEqualTo(2);
  }

  @Test
  void silence_is_the_same_exception() throws IOException {
    Judged.Told told =
        alike(
            exchange -> {
              try {
                Thread.sleep(Judged.TIMEOUT);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            SdkReplyTest::get);

    assertThat(told.requests()).isEqualTo(2);
  }

  private static Judged.Told alike(
      Judged.Answer answer, Function<DynamoDbClient, ? extends DynamoDbResponse> request)
      throws IOException {
    try (Judged judged = new Judged(answer)) {
      List<Judged.Told> told = judged.ask(request);

      assertThat(told.getFirst()).isEqualTo(told.getLast());
      return told.getFirst();
    }
  }

  private static DynamoDbResponse get(DynamoDbClient client) {
    return client.getItem(get ->
        get.tableName("t").key(Map.of("pk", AttributeValue.fromS("a"))).consistentRead(true));
  }

  private static DynamoDbResponse update(DynamoDbClient client) {
    return client.updateItem(update ->
        update
            .tableName("t")
            .key(Map.of("pk", AttributeValue.fromS("a")))
            .updateExpression("SET a = a"));
  }
}
