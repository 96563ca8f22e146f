package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.template.TableSpec;
import java.io.IOException;
import java.net.URI;
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
  private final URI url;
  private final DynamoDb database;
  private final List<TableSpec> specs;

  /**
   * @param url where the database is, for clients
   */
  Tables(URI url, DynamoDb database, List<TableSpec> specs) {
    this.url = url;
    this.database = database;
    this.specs = specs;
  }

  /** Creates them. */
  void create() throws IOException {
    for (var spec : specs) {
      create(spec);
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
        .endpointOverride(url)
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }

  private void create(TableSpec table) throws IOException {
    call("CreateTable", table.creation());
    if (table.ttlAttribute().isPresent()) {
      var request = JsonNodeFactory.instance.objectNode().put("TableName", table.name());
      request
          .putObject("TimeToLiveSpecification")
          .put("AttributeName", table.ttlAttribute().get())
          .put("Enabled", true);
      call("UpdateTimeToLive", request);
    }
  }

  private void call(String operation, JsonNode body) throws IOException {
    if (database.call(operation, body) instanceof DynamoDb.Answer.Refused(var code, var message)) {
      throw new IOException(operation + " failed: " + code + " " + message);
    }
  }
}
