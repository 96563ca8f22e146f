package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.local.template.TableSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The template's tables in DynamoDB Local; CloudFormation's properties are the words of its API.
 */
final class Tables {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final String AUTHORIZATION =
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request,"
          + " SignedHeaders=host, Signature=local";

  private final HttpClient http;
  private final URI dynamoDb;
  private final List<TableSpec> specs;
  private final ObjectMapper json = new ObjectMapper();

  Tables(HttpClient http, URI dynamoDb, List<TableSpec> specs) {
    this.http = http;
    this.dynamoDb = dynamoDb;
    this.specs = specs;
  }

  /** Creates them. */
  void create() throws IOException {
    try {
      for (var spec : specs) {
        create(spec);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Their names by logical id. */
  Map<String, String> names() {
    return specs.stream().collect(Collectors.toMap(TableSpec::logicalId, TableSpec::name));
  }

  /** A new client of them. */
  DynamoDbClient client() {
    var credentials = AwsBasicCredentials.create("local", "local");
    return DynamoDbClient.builder()
        .httpClient(new WholeBodyHttpClient(PATIENCE, PATIENCE))
        .endpointOverride(dynamoDb)
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }

  private void create(TableSpec table) throws IOException, InterruptedException {
    call("CreateTable", table.creation());
    if (table.ttlAttribute().isPresent()) {
      var request = json.createObjectNode().put("TableName", table.name());
      request
          .putObject("TimeToLiveSpecification")
          .put("AttributeName", table.ttlAttribute().get())
          .put("Enabled", true);
      call("UpdateTimeToLive", request);
    }
  }

  private void call(String operation, JsonNode body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(dynamoDb)
            .header("X-Amz-Target", "DynamoDB_20120810." + operation)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("Authorization", AUTHORIZATION)
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(operation + " failed: " + response.body());
    }
  }
}
