package dev.weir.bench;

import dev.weir.bench.FunctionEnvironment.Launch;
import dev.weir.local.process.Children;
import dev.weir.local.process.ReadyProcess;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** The parts everything is measured on: DynamoDB Local, the Bedrock stand-in, functions. */
final class Stack implements Closeable {
  static final String TENANTS = "tenants";
  static final int MEMORY_MEGABYTES = 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String CHAT = "dev.weir.inference.ChatHandler";

  private final Path root;
  private final Path scratch;
  private final Path opt;
  private final Children children = new Children();
  private final URI dynamoDb;
  private final URI bedrock;
  private final DynamoDbClient tables;

  /** How Lambda starts an environment. */
  enum Start {
    PLAIN("on-demand"),
    SNAP_START("snap-start");

    private final String initializationType;

    Start(String initializationType) {
      this.initializationType = initializationType;
    }
  }

  Stack(Path root, Path scratch) throws IOException {
    this.root = root;
    this.scratch = scratch;
    opt = Files.createDirectories(scratch.resolve("opt"));
    for (String layer : List.of("core", "runtime")) {
      lay(root.resolve("layers").resolve(layer).resolve("target/layer"));
    }
    try {
      ReadyProcess store = backend("dynamodb", "dev.weir.local.dynamodb.DynamoDbLocal");
      ReadyProcess model = backend("bedrock", "dev.weir.local.bedrock.BedrockStandIn");
      dynamoDb = store.await(PATIENCE);
      bedrock = model.await(PATIENCE);
    } catch (IOException e) {
      children.close();
      throw e;
    }
    tables = client(dynamoDb);
    table(TENANTS, Optional.empty());
    table("responses", Optional.empty());
    table("ledger", Optional.of("sk"));
  }

  URI dynamoDb() {
    return dynamoDb;
  }

  URI bedrock() {
    return bedrock;
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
    TenantDirectory directory =
        TenantDirectory.of(tables, TENANTS, InstantSource.system(), new SecureRandom());
    directory.create(id, limits, EstimateMode.TOKENS);
    return new Events(id, directory.issueKey(id, Set.of(), Optional.empty()).orElseThrow().keyId());
  }

  /**
   * Starts an environment of the chat function.
   *
   * @param store where it finds DynamoDB
   * @param atOnce events it serves at once
   */
  FunctionEnvironment chat(Start start, URI store, int atOnce) throws IOException {
    Path task = root.resolve("functions/inference/target/function");
    return environment(task, CHAT, start, store, atOnce);
  }

  /** Starts an environment of a function that does nothing. */
  FunctionEnvironment echo() throws IOException {
    Path task = Files.createDirectories(scratch.resolve("echo"));
    Path lib = task.resolve("lib");
    if (!Files.exists(lib)) {
      Files.createSymbolicLink(lib, root.resolve("bench/target/lib"));
    }
    return environment(task, EchoHandler.class.getName(), Start.SNAP_START, dynamoDb, 1);
  }

  private FunctionEnvironment environment(
      Path task, String handler, Start start, URI store, int atOnce) throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("TENANTS_TABLE", TENANTS);
    variables.put("RESPONSES_TABLE", "responses");
    variables.put("LEDGER_TABLE", "ledger");
    variables.put("WEIR_CATALOG", root.resolve("bench/catalog").toString());
    // Patient, so that a busy machine slows calls down but does not refuse them.
    variables.put("WEIR_LIMITER_TIMEOUT_MS", "5000");
    variables.put("WEIR_CLOCK_ERROR_MS", "2000");
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", store.toString());
    variables.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.toString());
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", start.initializationType);
    variables.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(atOnce));
    List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    // The JVM begins with a 64th of the memory it sees; here it would see the whole machine.
    flags.add("-Xms" + MEMORY_MEGABYTES / 64 + "m");
    flags.add("-Xmx" + MEMORY_MEGABYTES * 3 / 4 + "m");
    Path runtime = root.resolve("local/cloud/target/runtime");
    return new FunctionEnvironment(
        new Launch(opt, task, runtime, scratch, handler, flags, variables), children);
  }

  private ReadyProcess backend(String module, String main) throws IOException {
    Path target = root.resolve("local").resolve(module).resolve("target");
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve(module)),
            "-cp",
            target.resolve("*") + File.pathSeparator + target.resolve("lib/*"),
            main);
    return new ReadyProcess(module, command, scratch.resolve(module + ".log"), children);
  }

  private void table(String name, Optional<String> sortKey) {
    tables.createTable(table -> {
      table.tableName(name).billingMode(BillingMode.PAY_PER_REQUEST);
      List<String> keys = new ArrayList<>(List.of("pk"));
      sortKey.ifPresent(keys::add);
      table.attributeDefinitions(
          keys.stream()
              .map(key ->
                  AttributeDefinition.builder()
                      .attributeName(key)
                      .attributeType(ScalarAttributeType.S)
                      .build())
              .toList());
      table.keySchema(
          keys.stream()
              .map(key ->
                  KeySchemaElement.builder()
                      .attributeName(key)
                      .keyType(key.equals("pk") ? KeyType.HASH : KeyType.RANGE)
                      .build())
              .toList());
    });
  }

  /** Lays a layer into what stands for {@code /opt}. */
  private void lay(Path layer) throws IOException {
    try (var files = Files.walk(layer)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path link = opt.resolve(layer.relativize(file).toString());
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, file.toAbsolutePath());
      }
    }
  }

  /** Ends every process and deletes what they wrote. */
  @Override
  public void close() throws IOException {
    tables.close();
    children.close();
    try (var files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
