package dev.weir.e2e.limiter;

import dev.weir.http.Endpoint;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.store.DynamoDb;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** DynamoDB Local in a process of its own, with an empty table of tenants. */
final class DynamoDbProcess implements AutoCloseable {

  static final String TABLE = "tenants";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Region REGION = Region.US_EAST_1;
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

  private final Process process;
  private final URI endpoint;

  private DynamoDbProcess(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  static DynamoDbProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                java(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of("..", "dynamodb", "target", "lib", "*").toString(),
                "dev.weir.local.dynamodb.DynamoDbLocal")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String ready = output.readLine();
    if (ready == null || !ready.startsWith("READY ")) {
      process.destroy();
      throw new IOException("DynamoDB Local did not start; was local/dynamodb packaged?");
    }
    DynamoDbProcess database =
        new DynamoDbProcess(process, URI.create(ready.substring("READY ".length())));
    database.createTable();
    return database;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  URI endpoint() {
    return endpoint;
  }

  /** Weir's DynamoDB at DynamoDB Local, which accepts any credentials. */
  static DynamoDb dynamoDb(URI endpoint, UnaryOperator<SdkHttpClient> wire) {
    return new DynamoDb(new Endpoint(endpoint, REGION.id()), CREDENTIALS, wire);
  }

  private void createTable() {
    try (DynamoDbClient client =
        DynamoDbClient.builder()
            .httpClient(new WholeBodyHttpClient(PATIENCE, PATIENCE))
            .endpointOverride(endpoint)
            .region(REGION)
            .credentialsProvider(CREDENTIALS)
            .build()) {
      client.createTable(table ->
          table
              .tableName(TABLE)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .keySchema(key -> key.attributeName("pk").keyType(KeyType.HASH))
              .attributeDefinitions(
                  pk -> pk.attributeName("pk").attributeType(ScalarAttributeType.S)));
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
