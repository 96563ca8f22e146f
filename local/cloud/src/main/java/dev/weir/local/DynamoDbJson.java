package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.local.account.DynamoDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** DynamoDB Local in its own protocol, AWS JSON 1.0. */
final class DynamoDbJson implements DynamoDb {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String AUTHORIZATION =
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
          + " SignedHeaders=host, Signature=local";

  private final HttpClient http;
  private final URI url;
  private final ObjectMapper json = new ObjectMapper();

  DynamoDbJson(HttpClient http, URI url) {
    this.http = http;
    this.url = url;
  }

  @Override
  public Answer call(String operation, JsonNode body) {
    try {
      var request =
          HttpRequest.newBuilder(url)
              .timeout(PATIENCE)
              .header("X-Amz-Target", "DynamoDB_20120810." + operation)
              .header("Content-Type", "application/x-amz-json-1.0")
              .header("Authorization", AUTHORIZATION)
              .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
              .build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      var reply = json.readTree(response.body());
      return response.statusCode() == 200 ? new Answer.Done(reply) : refused(reply);
    } catch (HttpTimeoutException e) {
      return new Answer.Refused("InternalServerError", "no answer in " + PATIENCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer refused(JsonNode reply) {
    var type = reply.path("__type").asText();
    var message = reply.path(reply.has("message") ? "message" : "Message").asText();
    return new Answer.Refused(type.substring(type.indexOf('#') + 1), message);
  }
}
