package dev.weir.local;

import dev.weir.killswitch.Switches;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.gateway.Gateway;
import dev.weir.local.http.Exchange;
import dev.weir.local.http.HttpServer;
import dev.weir.local.lambda.Lambda;
import dev.weir.local.lambda.LambdaSettings;
import dev.weir.local.process.Children;
import dev.weir.local.template.Template;
import dev.weir.store.SwitchTable;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The whole stack of one template, running: front, functions, tables, rules and backends. */
public final class LocalCloud implements Closeable {
  private final Children children;
  private final Path scratch;
  private final Path catalog;
  private final Backends backends;
  private final Optional<Tables> tables;
  private final FileBucket bucket;
  private final Automation automation;
  private final Lambda lambda;
  private final Gateway gateway;
  private final Optional<RemediationControl> remediation;
  private final Control control;
  private final HttpServer parameters;
  private final HttpServer front;

  private LocalCloud(
      Options options, Template template, Path scratch, Children children, Consumer<String> says)
      throws IOException {
    this.children = children;
    this.scratch = scratch;
    this.catalog = options.root().resolve("local/catalog");
    var logs = emptied(options.work().resolve("logs"));
    var specs = template.tables();
    says.accept("starting the backends");
    var objects = emptied(options.work().resolve("s3"));
    backends = new Backends(options, !specs.isEmpty(), logs, scratch, objects, children);
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var database = backends.dynamoDb().map(url -> new DynamoDbJson(http, url));
    tables =
        database.isPresent()
            ? Optional.of(new Tables(backends.dynamoDb().get(), database.get(), specs))
            : Optional.empty();
    if (tables.isPresent()) {
      says.accept("creating tables");
      tables.get().create();
    }
    bucket = new FileBucket(objects);
    var clock = InstantSource.system();
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    automation =
        new Automation(template, options.pace(), clock, ids, database.map(it -> it), this::lambda);
    parameters =
        new HttpServer(
            0,
            new ServicesStandIn(
                template.parameters(), automation, clock, logs.resolve("notices.log")));
    lambda = new Lambda(template.functions(), settings(options, logs), children, clock, ids);
    gateway = new Gateway(template.api(), lambda, clock, ids);
    remediation =
        automation
            .remediation()
            .map(it ->
                new RemediationControl(
                    automation,
                    it,
                    database.orElseThrow(),
                    Optional.ofNullable(tables().get("RemediationTable")),
                    drift(options, objects, it, database.orElseThrow())));
    automation
        .remediation()
        .ifPresent(it -> new LogMetrics(it.account().world(), automation.clock(), logs).begin());
    control = new Control(lambda, children, backends, http, automation.remediation(), remediation);
    automation.begin(DemoEndpoints.of(catalog.resolve("models.json")), says);
    front = new HttpServer(options.port(), this::handle);
  }

  /** Empty where nothing is captured to. */
  private Optional<DemoDrift> drift(
      Options options, Path objects, Remediation world, DynamoDb database) {
    return Optional.ofNullable(options.parameters().get("DriftBucket"))
        .map(objects::resolve)
        .map(bucket ->
            new DemoDrift(
                world.account().world(),
                automation.clock(),
                lambda,
                database,
                new DemoDrift.Place(bucket, tables().getOrDefault("RemediationTable", ""))));
  }

  /**
   * Checks that the front's port is free, which is worth knowing before everything has started.
   *
   * @throws java.net.BindException when it is taken
   */
  public static void requireFreePort(Options options) throws IOException {
    new ServerSocket(options.port(), 1, InetAddress.getLoopbackAddress()).close();
  }

  /**
   * Starts everything and returns when it serves.
   *
   * @param says is told what is going on
   */
  public static LocalCloud start(Options options, Consumer<String> says) throws IOException {
    var template = Template.read(options.template(), options.parameters());
    var scratch = Files.createTempDirectory(Files.createDirectories(options.work()), "run");
    var children = new Children();
    try {
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
  public Optional<URI> bedrock() throws IOException {
    return backends.bedrock();
  }

  /** Where the template's SSM parameters are. */
  public URI parameterStore() {
    return URI.create("http://127.0.0.1:" + parameters.port());
  }

  /** Where DynamoDB Local listens. */
  public Optional<URI> dynamoDb() throws IOException {
    return backends.dynamoDb();
  }

  /** Names of the tables by their logical ids. */
  public Map<String, String> tables() {
    return tables.map(Tables::names).orElseGet(Map::of);
  }

  /** The variables that bin/weir and the AWS CLI need to find the tables here, in any folder. */
  public Map<String, String> operator() throws IOException {
    var variables =
        new TreeMap<>(
            Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb().orElseThrow().toString(),
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local",
                "AWS_REGION", "us-east-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "TENANTS_TABLE", tables().getOrDefault("TenantsTable", ""),
                "LEDGER_TABLE", tables().getOrDefault("LedgerTable", ""),
                "REMEDIATION_TABLE", tables().getOrDefault("RemediationTable", ""),
                "WEIR_CATALOG", catalog.toString()));
    variables.putAll(automation.variables());
    variables.putAll(services());
    variables.putAll(guard());
    return variables;
  }

  /** Where bin/weir finds remediation, if the template has some. */
  private Map<String, String> guard() {
    return automation.remediation().stream()
        .flatMap(it -> it.states().arns().stream())
        .filter(arn -> arn.endsWith("-guard"))
        .findFirst()
        .map(arn ->
            Map.of(
                "WEIR_GUARD",
                arn,
                "REMEDIATION_TABLE",
                tables().getOrDefault("RemediationTable", "")))
        .orElseGet(Map::of);
  }

  private Map<String, String> services() {
    var url = parameterStore().toString();
    return Map.of(
        "AWS_ENDPOINT_URL_SSM", url,
        "AWS_ENDPOINT_URL_SNS", url,
        "AWS_ENDPOINT_URL_EVENTS", url,
        "AWS_ENDPOINT_URL_EVENTBRIDGE", url,
        "AWS_ENDPOINT_URL_SFN", url);
  }

  /**
   * A new client of DynamoDB Local.
   *
   * @throws IllegalStateException when the template has no tables
   */
  public DynamoDbClient dynamoDbClient() {
    return tables.orElseThrow(() -> new IllegalStateException("no tables")).client();
  }

  /**
   * The tenants, to create some and to issue keys; has a client of its own.
   *
   * @throws IllegalStateException when the template has no table for them
   */
  public TenantDirectory tenants() {
    return TenantDirectory.of(
        dynamoDbClient(), tenantsTable(), InstantSource.system(), new SecureRandom());
  }

  /**
   * The kill switches, to throw some; has a client of its own.
   *
   * @throws IllegalStateException when the template has no table for them
   */
  public Switches switches() {
    return new Switches(new SwitchTable(dynamoDbClient(), tenantsTable()));
  }

  /** Lets every remediation action act without asking, if the template has any. */
  public void remediate() {
    remediation.ifPresent(it -> it.setModes("auto"));
  }

  private String tenantsTable() {
    var table = tables().get("TenantsTable");
    if (table == null) {
      throw new IllegalStateException("the template has no TenantsTable");
    }
    return table;
  }

  /** Stops DynamoDB Local where it is, or lets it go on. */
  public void pauseDynamoDb(boolean paused) throws IOException {
    backends.pauseDynamoDb(paused);
  }

  /** Tells when DynamoDB Local or the Bedrock stand-in has ended, which nothing here expects. */
  public CompletableFuture<String> backendEnded() {
    return backends.ended();
  }

  /** Ends every process. */
  @Override
  public void close() throws IOException {
    automation.close();
    front.close();
    parameters.close();
    gateway.close();
    lambda.close();
    bucket.close();
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
    var variables = new HashMap<>(backends.variables());
    variables.put("AWS_ENDPOINT_URL_S3", bucket.url().toString());
    variables.putAll(services());
    variables.putAll(automation.variables());
    // Where any port will do it is not known yet, and links lead from the front's root.
    variables.put("WEIR_API_URL", options.port() == 0 ? "" : "http://127.0.0.1:" + options.port());
    variables.put("WEIR_CATALOG", catalog.toString());
    variables.putAll(options.variables());
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

  private static Path emptied(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      delete(folder);
    }
    return Files.createDirectories(folder);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
