package dev.weir.local;

import dev.weir.local.gateway.Gateway;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.HttpServer;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.LambdaSettings;
import dev.weir.local.process.Children;
import dev.weir.local.process.ReadyProcess;
import dev.weir.local.template.TableSpec;
import dev.weir.local.template.Template;
import dev.weir.store.DynamoDb;
import dev.weir.tenant.TenantDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
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
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The whole stack of one template, running: front, functions, tables and the Bedrock stand-in. */
public final class LocalCloud implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Children children;
  private final Path scratch;
  private final Optional<ReadyProcess> dynamoDb;
  private final Optional<URI> dynamoDbUrl;
  private final Optional<URI> bedrockUrl;
  private final Map<String, String> tables;
  private final Lambda lambda;
  private final Gateway gateway;
  private final Control control;
  private final HttpServer front;

  private LocalCloud(
      Options options, Template template, Path scratch, Children children, Consumer<String> says)
      throws IOException {
    this.children = children;
    this.scratch = scratch;
    var logs = Files.createDirectories(options.work().resolve("logs"));
    var backends = new Backends(options, logs, scratch, children);
    var specs = template.tables();
    dynamoDb = specs.isEmpty() ? Optional.empty() : Optional.of(backends.dynamoDb());
    var bedrock =
        options.bedrock() ? Optional.of(backends.bedrock()) : Optional.<ReadyProcess>empty();
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    dynamoDbUrl =
        dynamoDb.isPresent() ? Optional.of(dynamoDb.get().await(PATIENCE)) : Optional.empty();
    if (dynamoDbUrl.isPresent()) {
      says.accept("creating tables");
      create(specs, new Tables(http, dynamoDbUrl.get()));
    }
    tables = specs.stream().collect(Collectors.toMap(TableSpec::logicalId, TableSpec::name));
    bedrockUrl =
        bedrock.isPresent() ? Optional.of(bedrock.get().await(PATIENCE)) : Optional.empty();
    var clock = InstantSource.system();
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    lambda = new Lambda(template.functions(), settings(options, logs), children, clock, ids);
    gateway = new Gateway(template.api(), lambda, clock, ids);
    control = new Control(lambda, children, dynamoDb, bedrockUrl, http);
    front = new HttpServer(options.port(), this::handle);
  }

  /**
   * Starts everything and returns when it serves.
   *
   * @param says is told what is going on
   */
  public static LocalCloud start(Options options, Consumer<String> says) throws IOException {
    // A taken port is worth knowing before everything else has started.
    new ServerSocket(options.port(), 1, InetAddress.getLoopbackAddress()).close();
    var template = Template.read(options.template(), options.parameters());
    var scratch = Files.createTempDirectory(Files.createDirectories(options.work()), "run");
    var children = new Children();
    try {
      says.accept("starting the backends");
      return new LocalCloud(options, template, scratch, children, says);
    } catch (IOException | RuntimeException e) {
      children.close();
      delete(scratch);
      throw e;
    }
  }

  /** Where the front listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + front.port());
  }

  /** The functions, to look at and to disturb. */
  public Lambda lambda() {
    return lambda;
  }

  /** Where the Bedrock stand-in listens. */
  public Optional<URI> bedrock() {
    return bedrockUrl;
  }

  /** Where DynamoDB Local listens. */
  public Optional<URI> dynamoDb() {
    return dynamoDbUrl;
  }

  /** Names of the tables by their logical ids. */
  public Map<String, String> tables() {
    return tables;
  }

  /**
   * A new client of DynamoDB Local.
   *
   * @throws IllegalStateException when the template has no tables
   */
  public DynamoDbClient dynamoDbClient() {
    var credentials = AwsBasicCredentials.create("local", "local");
    return DynamoDb.standard()
        .endpointOverride(
            dynamoDbUrl.orElseThrow(() -> new IllegalStateException("no tables, no DynamoDB")))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }

  /** The tenants, to create some and to issue keys. */
  public TenantDirectory tenants() {
    var table = tables.get("TenantsTable");
    if (table == null) {
      throw new IllegalStateException("the template has no TenantsTable");
    }
    return TenantDirectory.of(dynamoDbClient(), table, InstantSource.system(), new SecureRandom());
  }

  /** Stops DynamoDB Local where it is, or lets it go on. */
  public void pauseDynamoDb(boolean paused) throws IOException {
    dynamoDb.orElseThrow(() -> new IllegalStateException("no DynamoDB")).pause(paused);
  }

  /** Ends every process. */
  @Override
  public void close() throws IOException {
    front.close();
    gateway.close();
    lambda.close();
    children.close();
    delete(scratch);
  }

  private void handle(Exchange exchange) throws IOException {
    if (exchange.path().startsWith(Control.ROOT)) {
      control.handle(exchange);
    } else {
      gateway.handle(exchange);
    }
  }

  private LambdaSettings settings(Options options, Path logs) throws IOException {
    var runtime = options.root().resolve("local/cloud/target/runtime");
    var library = NativeClient.unpack(runtime, scratch.resolve("jni.so"));
    var flags = new ArrayList<>(options.jvmFlags());
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.add("-D" + NativeClient.PROPERTY + "=" + library);
    var variables = new HashMap<>(options.variables());
    dynamoDbUrl.ifPresent(url -> variables.put("AWS_ENDPOINT_URL_DYNAMODB", url.toString()));
    bedrockUrl.ifPresent(url -> variables.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url.toString()));
    variables.putIfAbsent("WEIR_CATALOG", options.root().resolve("local/catalog").toString());
    return new LambdaSettings(
        flags,
        runtime,
        scratch,
        logs,
        options.concurrency(),
        options.maxEnvironments(),
        options.snapStart(),
        variables);
  }

  private static void create(List<TableSpec> specs, Tables tables) throws IOException {
    try {
      for (var spec : specs) {
        tables.create(spec);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
