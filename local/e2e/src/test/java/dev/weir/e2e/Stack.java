package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.killswitch.Switches;
import dev.weir.local.LocalCloud;
import dev.weir.local.Options;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** The running product with its backends, and a client that knows no more than HTTP. */
final class Stack implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private final LocalCloud cloud;
  private final Path work;
  private final DynamoDbClient dynamo;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final AtomicInteger tenants = new AtomicInteger();

  /** A tenant with its key. */
  record Caller(String tenantId, String keyId, String key) {}

  /** A reply as it came over the wire. */
  record Reply(int status, Map<String, List<String>> headers, String body) {

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException("no JSON: " + body, e);
      }
    }

    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    String code() {
      return json().path("error").path("code").asText();
    }

    /** The data of every event. */
    List<String> data() {
      return body.lines()
          .filter(line -> line.startsWith("data: "))
          .map(line -> line.substring("data: ".length()))
          .toList();
    }

    /** The chunks of a stream that came whole. */
    List<JsonNode> chunks() {
      List<JsonNode> chunks = new ArrayList<>();
      try {
        for (String data : data()) {
          if (!data.equals("[DONE]")) {
            chunks.add(JSON.readTree(data));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return chunks;
    }
  }

  private Stack(Options options) throws IOException {
    this.work = options.work();
    this.cloud = LocalCloud.start(options, said -> {});
    this.dynamo = cloud.dynamoDbClient();
  }

  /** Starts the real template; {@code parameters} replace its defaults. */
  static Stack start(String name, Map<String, String> parameters) throws IOException {
    return start(name, parameters, Options.of(ROOT));
  }

  /** The same with one environment per function, which serves so many calls at once. */
  static Stack startTogether(String name, Map<String, String> parameters, int atOnce)
      throws IOException {
    return start(name, parameters, Options.of(ROOT).withEnvironments(atOnce, 1));
  }

  private static Stack start(String name, Map<String, String> parameters, Options of)
      throws IOException {
    Options options = of.withWork(ROOT.resolve("local/e2e/target/stack-" + name));
    // Machines that run tests stall; the limiter's margin covers what it is told to cover.
    options = options.withParameter("LimiterTimeoutMs", "5000");
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      options = options.withParameter(parameter.getKey(), parameter.getValue());
    }
    return new Stack(options);
  }

  /** What a command said, and its exit status. */
  record Said(int status, String out) {}

  /** Runs {@code bin/weir} against the tables, in a folder that is not the project's. */
  Said weir(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("bin/weir").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
    builder.environment().putAll(cloud.operator());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), out);
  }

  LocalCloud cloud() {
    return cloud;
  }

  Switches switches() {
    return cloud.switches();
  }

  TenantDirectory directory() {
    return cloud.tenants();
  }

  static Limits unlimited() {
    return Limits.NONE;
  }

  static Limits requestsPerMinute(long limit) {
    return new Limits(
        OptionalLong.of(limit),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static Limits dayBudget(long microUsd) {
    return new Limits(
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(microUsd),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** A new tenant with one key. */
  Caller tenant(Limits limits) {
    return tenant(limits, Set.of());
  }

  /** A new tenant with one key that may use {@code models}, or every model when there are none. */
  Caller tenant(Limits limits, Set<String> models) {
    String id = "tenant-" + tenants.incrementAndGet();
    TenantDirectory directory = directory();
    directory.create(id, limits, EstimateMode.BYTES);
    var issued = directory.issueKey(id, models, Optional.empty()).orElseThrow();
    return new Caller(id, issued.keyId(), issued.key().reveal());
  }

  Reply chat(Caller caller, String body) {
    return chat(caller.key(), body);
  }

  Reply chat(String key, String body) {
    return send(asking(key, body));
  }

  Reply chat(Caller caller, String body, Map<String, String> headers) {
    return post(caller, "/v1/chat/completions", body, headers);
  }

  Reply embeddings(Caller caller, String body, Map<String, String> headers) {
    return post(caller, "/v1/embeddings", body, headers);
  }

  Reply post(Caller caller, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request = asking(path, caller.key(), body);
    headers.forEach(request::header);
    return send(request);
  }

  private HttpRequest.Builder asking(String key, String body) {
    return asking("/v1/chat/completions", key, body);
  }

  private HttpRequest.Builder asking(String path, String key, String body) {
    return HttpRequest.newBuilder(url(path))
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .timeout(Duration.ofSeconds(120))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  Reply get(Caller caller, String path) {
    return send(
        HttpRequest.newBuilder(url(path)).header("authorization", "Bearer " + caller.key()));
  }

  Reply send(Caller caller, String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(url(path))
            .header("authorization", "Bearer " + caller.key())
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(120))
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Opens a stream of lines; closing it hangs up. */
  Stream<String> open(Caller caller, String body) {
    return open(caller, body, Map.of());
  }

  Stream<String> open(Caller caller, String body, Map<String, String> headers) {
    HttpRequest.Builder request = asking(caller.key(), body);
    headers.forEach(request::header);
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The Bedrock stand-in's control. */
  Reply bedrock(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(url("/_local/bedrock/" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The control of the stand-in for SageMaker's runtime. */
  Reply sageMaker(String method, String path, String body) {
    Reply reply =
        send(
            HttpRequest.newBuilder(url("/_local/sagemaker-runtime/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    if (reply.status() >= 300) {
      throw new IllegalStateException(reply.body());
    }
    return reply;
  }

  /** Invokes an endpoint. */
  HttpResponse<byte[]> invoke(
      Caller caller, String endpoint, byte[] body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url("/v1/endpoints/" + endpoint + "/invocations"))
            .header("authorization", "Bearer " + caller.key())
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A reply of bytes that are text. */
  static Reply text(HttpResponse<byte[]> response) {
    return new Reply(
        response.statusCode(),
        response.headers().map(),
        new String(response.body(), StandardCharsets.UTF_8));
  }

  void fault(String json) {
    Reply reply = bedrock("POST", "faults", json);
    if (reply.status() >= 300) {
      throw new IllegalStateException(reply.body());
    }
  }

  /** No faults, no scripts, no counts. */
  void calm() {
    bedrock("DELETE", "faults", "");
    bedrock("DELETE", "scripts/local.scripted", "");
    bedrock("DELETE", "calls", "");
    bedrock("POST", "pace", "{\"tokensPerSecond\":0}");
  }

  /** A counter of the stand-in, summed over models and operations. */
  long bedrockCount(String counter) {
    long sum = 0;
    for (JsonNode calls : bedrock("GET", "calls", "").json().path("calls")) {
      sum += calls.path(counter).asLong();
    }
    return sum;
  }

  /** Every ledger row of a tenant. */
  List<Map<String, AttributeValue>> ledger(Caller caller) {
    return scan("LedgerTable").stream()
        .filter(item -> text(item, "pk").startsWith(caller.tenantId() + "#"))
        .filter(item -> item.containsKey("costPicoUsd"))
        .toList();
  }

  static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new AssertionError(name + " is missing in " + item);
    }
    return value.s() != null ? value.s() : value.n();
  }

  List<Map<String, AttributeValue>> scan(String logicalId) {
    String table = cloud.tables().getOrDefault(logicalId, "");
    return dynamo
        .scanPaginator(ScanRequest.builder().tableName(table).consistentRead(true).build())
        .items()
        .stream()
        .toList();
  }

  /** Sets a number of an item of a table, as if it had been written so. */
  void set(String logicalId, String pk, String attribute, long number) {
    String table = cloud.tables().getOrDefault(logicalId, "");
    dynamo.updateItem(update ->
        update
            .tableName(table)
            .key(Map.of("pk", AttributeValue.fromS(pk)))
            .updateExpression("SET #name = :number")
            .expressionAttributeNames(Map.of("#name", attribute))
            .expressionAttributeValues(
                Map.of(":number", AttributeValue.fromN(Long.toString(number)))));
  }

  /** Everything the functions have logged. */
  String logs() {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(work.resolve("logs"))) {
      for (Path file : files.toList()) {
        all.append(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toString();
  }

  /** Waits for what a function logs: a call's line follows its answer. */
  void awaitLog(String text) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(logs()).contains(text));
  }

  private URI url(String path) {
    return cloud.url().resolve(path);
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    dynamo.close();
    cloud.close();
  }
}
