package dev.weir.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.embedding.Embeddings;
import dev.weir.local.bedrock.embedding.HashEmbedder;
import dev.weir.local.bedrock.embedding.MiniLm;
import dev.weir.local.bedrock.model.LanguageModel;
import dev.weir.local.bedrock.model.Pace;
import dev.weir.local.bedrock.model.PromptCache;
import dev.weir.local.bedrock.model.QueuedModel;
import dev.weir.local.bedrock.model.ScriptedModel;
import dev.weir.local.bedrock.s3.FileObjects;
import dev.weir.local.bedrock.sagemaker.Endpoints;
import dev.weir.local.bedrock.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

/** A stand-in with the unmodified SDK clients before it; they do not retry. */
final class Stage implements AutoCloseable {
  static final String SCRIPTED = "local.scripted";
  static final String ECHO = "local.echo";

  /** Answers one prompt at a time; one more may wait. */
  static final String QUEUED = "local.queued";

  static final String HASH = "local.hash-embedding";
  static final String MINI_LM = "local.minilm-l6-v2";

  private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(2);

  private final AutoCloseable server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final URI address;

  /** What asynchronous invocations read and write, where the server is of this stage. */
  final FileObjects objects;

  final BedrockRuntimeClient sync;

  /** Speaks HTTP/2, as shipped. */
  final BedrockRuntimeAsyncClient async;

  /** Puts the clients before a server that runs already. */
  Stage(URI address, AutoCloseable server) throws IOException {
    this(address, server, new FileObjects(Files.createTempDirectory("weir-objects")));
  }

  private Stage(URI address, AutoCloseable server, FileObjects objects) {
    this.objects = objects;
    this.address = address;
    this.server = server;
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("AK", "secret"));
    sync =
        BedrockRuntimeClient.builder()
            .endpointOverride(address)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .httpClient(UrlConnectionHttpClient.builder().socketTimeout(CLIENT_TIMEOUT).build())
            .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    async =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(address)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .httpClient(NettyNioAsyncHttpClient.builder().readTimeout(CLIENT_TIMEOUT).build())
            .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
  }

  /** Starts a server of its own. */
  static Stage open() throws Exception {
    return open(new AtomicReference<>(Duration.ZERO));
  }

  /** Starts a server of its own, whose prompt cache lives this far in the future. */
  static Stage open(AtomicReference<Duration> ahead) throws Exception {
    AtomicInteger ids = new AtomicInteger();
    FileObjects objects = new FileObjects(Files.createTempDirectory("weir-objects"));
    Pace pace = new Pace();
    LanguageModel scripted = new ScriptedModel("Scripted answer:", pace, InstantSource.system());
    LanguageModel echo =
        new ScriptedModel("[echo model: no weights]", pace, InstantSource.system());
    BedrockServer server =
        new BedrockServer(
            0,
            Map.of(SCRIPTED, scripted, ECHO, echo, QUEUED, new QueuedModel(scripted, 1)),
            new Embeddings(Map.of(HASH, new HashEmbedder(), MINI_LM, new MiniLm())),
            new PromptCache(Set.of(SCRIPTED), () -> Instant.now().plus(ahead.get())),
            pace,
            InstantSource.system(),
            () -> "request-id-" + ids.incrementAndGet(),
            new BedrockServer.SageMaker(Endpoints.of(SCRIPTED, ECHO), objects, new Random(7)));
    return new Stage(server.start(), server, objects);
  }

  /** Calls the control API. */
  JsonNode control(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/_control/" + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body());
    }
    return Json.read(response.body());
  }

  void fault(String json) throws Exception {
    control("POST", "faults", json);
  }

  void script(String json) throws Exception {
    control("PUT", "scripts/" + SCRIPTED, json);
  }

  /** Undoes all that tests set. */
  void reset() throws Exception {
    control("DELETE", "faults", "");
    control("DELETE", "scripts/" + SCRIPTED, "");
    control("POST", "pace", "{\"tokensPerSecond\":0}");
    control("DELETE", "calls", "");
  }

  /** A counter summed over all models and operations. */
  long counted(String counter) throws Exception {
    long sum = 0;
    for (JsonNode call : control("GET", "calls", "").path("calls")) {
      sum += call.path(counter).asLong();
    }
    return sum;
  }

  /** Waits until a condition holds, a minute at most: other work may share the machine. */
  static boolean eventually(Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 240; i++) {
      if (condition.call()) {
        return true;
      }
      Thread.sleep(250);
    }
    return false;
  }

  @Override
  public void close() throws Exception {
    sync.close();
    async.close();
    server.close();
    http.close();
  }
}
