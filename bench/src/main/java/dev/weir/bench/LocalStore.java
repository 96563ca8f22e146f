package dev.weir.bench;

import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.Closeable;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The product's tables in DynamoDB Local. */
final class LocalStore implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final URI url;
  private final DynamoDbClient tables;

  /** Makes the tables. */
  LocalStore(URI url) {
    this.url = url;
    tables = client(url);
    table(Stack.TENANTS, List.of("pk"));
    table("responses", List.of("pk"));
    table("sessions", List.of("pk"));
    table("ledger", List.of("pk", "sk"));
  }

  URI url() {
    return url;
  }

  /** A client that waits as long as it takes. */
  static DynamoDbClient client(URI endpoint) {
    return DynamoDbClient.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(PATIENCE))
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }

  /** Makes a tenant with a key and returns the events it sends. */
  Events tenant(String id, Limits limits) {
    return tenant(tables, id, limits);
  }

  /** Makes a tenant with a key in any store and returns the events it sends. */
  static Events tenant(DynamoDbClient tables, String id, Limits limits) {
    TenantDirectory directory = directory(tables);
    directory.create(id, limits, EstimateMode.TOKENS);
    return new Events(id, directory.issueKey(id, Set.of(), Optional.empty()).orElseThrow().keyId());
  }

  /** Cuts a tenant's limits over so many items. */
  void shard(String tenantId, int items) {
    directory(tables).changeShards(tenantId, items);
  }

  private static TenantDirectory directory(DynamoDbClient tables) {
    return TenantDirectory.of(tables, Stack.TENANTS, InstantSource.system(), new SecureRandom());
  }

  private void table(String name, List<String> keys) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    List<KeySchemaElement> schema = new ArrayList<>();
    for (String key : keys) {
      attributes.add(
          AttributeDefinition.builder()
              .attributeName(key)
              .attributeType(ScalarAttributeType.S)
              .build());
      schema.add(
          KeySchemaElement.builder()
              .attributeName(key)
              .keyType(key.equals("pk") ? KeyType.HASH : KeyType.RANGE)
              .build());
    }
    tables.createTable(table ->
        table
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes)
            .keySchema(schema));
  }

  @Override
  public void close() {
    tables.close();
  }
}
