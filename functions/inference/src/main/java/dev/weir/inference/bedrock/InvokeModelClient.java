package dev.weir.inference.bedrock;

import dev.weir.http.Endpoint;
import dev.weir.http.NotConnectedException;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.inference.upstream.HttpFault;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import dev.weir.route.Deadline;
import dev.weir.route.EmbeddingFamily;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Bedrock Runtime's InvokeModel on embedding models, with the SDK's signer and HTTP client. Makes
 * exactly one attempt and ends with the deadline wherever the service stalls. Thread-safe.
 */
public final class InvokeModelClient implements EmbeddingClient, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Above every deadline: that one ends the call. */
  private static final Duration READ = Duration.ofMinutes(16);

  private static final int LONGEST_REPLY = 32 * 1024 * 1024;

  private static final URI NOBODY = URI.create("https://127.0.0.1:1");

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http = new WholeBodyHttpClient(CONNECT, READ);

  /** A client with the credentials, Region and endpoint the environment names. */
  public InvokeModelClient(Map<String, String> environment) {
    this(Endpoint.of("bedrock-runtime", environment), DefaultCredentialsProvider.builder().build());
  }

  InvokeModelClient(
      Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.signing = new Signing("bedrock", endpoint.region(), credentials);
  }

  @Override
  public Reply embed(EmbeddingCall call, Deadline deadline) {
    FutureTask<Reply> exchange = new FutureTask<>(() -> exchange(call));
    Thread caller = Thread.ofVirtual().name("embedding").start(exchange);
    try {
      return exchange.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      caller.interrupt();
      return failed(Kind.DEADLINE, "RequestDeadline");
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case NotConnectedException _ -> failed(Kind.CONNECTION, "NotConnected");
        case IOException reset -> failed(Kind.RESET, reset.getClass().getSimpleName());
        case null, default -> failed(Kind.INTERNAL, "Error");
      };
    } catch (InterruptedException e) {
      caller.interrupt();
      Thread.currentThread().interrupt();
      return failed(Kind.CANCELLED, "Interrupted");
    }
  }

  private Reply exchange(EmbeddingCall call) throws IOException {
    byte[] body = EmbeddingBody.bytes(call);
    HttpExecuteResponse response =
        http.prepareRequest(signing.sign(request(call.modelId(), body.length), body)).call();
    SdkHttpResponse head = response.httpResponse();
    byte[] bytes;
    try (InputStream reply =
        response.responseBody().orElseGet(() -> AbortableInputStream.createEmpty())) {
      bytes = reply.readNBytes(LONGEST_REPLY);
    } catch (IOException e) {
      return failed(Kind.CUT, e.getClass().getSimpleName());
    }
    if (!head.isSuccessful()) {
      String name =
          head.firstMatchingHeader("x-amzn-errortype").orElse(ConverseEvents.errorType(bytes));
      return new Reply.Failed(
          BedrockFault.ofStatus(
              head.statusCode(),
              name,
              head.firstMatchingHeader("retry-after").flatMap(HttpFault::wait)));
    }
    return EmbeddingBody.read(call, bytes, counted(head));
  }

  private static OptionalLong counted(SdkHttpResponse head) {
    String count = head.firstMatchingHeader("x-amzn-bedrock-input-token-count").orElse("");
    return count.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(count))
        : OptionalLong.empty();
  }

  private SdkHttpRequest request(String modelId, int bodyLength) {
    return endpoint
        .post(
            "/model/" + SdkHttpUtils.urlEncode(modelId) + "/invoke", "application/json", bodyLength)
        .putHeader("Accept", "application/json")
        .build();
  }

  private static Reply failed(Kind kind, String detail) {
    return new Reply.Failed(Fault.of(kind, detail));
  }

  /** Runs every step of a call against nobody, so that a snapshot holds the classes it needs. */
  public void prime() {
    Clock clock = Clock.systemUTC();
    EmbeddingCall call =
        new EmbeddingCall("none", EmbeddingFamily.TITAN_G1, List.of("hi"), 1, Optional.empty());
    try (InvokeModelClient client =
        new InvokeModelClient(
            new Endpoint(NOBODY, endpoint.region()),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))) {
      client.embed(
          call, new Deadline(clock.millis() + CONNECT.toMillis(), CONNECT, CONNECT, clock));
    }
    EmbeddingBody.read(
        call,
        "{\"embedding\":[1],\"inputTextTokenCount\":1}".getBytes(StandardCharsets.UTF_8),
        OptionalLong.empty());
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    http.close();
  }
}
