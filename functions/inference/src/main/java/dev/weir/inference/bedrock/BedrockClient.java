package dev.weir.inference.bedrock;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.inference.upstream.Answer;
import dev.weir.inference.upstream.Outgoing;
import dev.weir.inference.upstream.Upstream;
import dev.weir.model.Ending;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.route.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * Bedrock Runtime's Converse and ConverseStream. Makes exactly one attempt and ends within the
 * deadline wherever the upstream stalls. Thread-safe.
 */
public final class BedrockClient implements ModelClient, AutoCloseable {
  private static final URI NOBODY = URI.create("https://127.0.0.1:1");
  private static final byte[] HELLO =
      """
      {"model":"none","messages":[{"role":"user","content":"hi"}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Endpoint endpoint;
  private final Upstream upstream;

  /**
   * A client with the credentials, Region and endpoint the environment names: {@code
   * AWS_ENDPOINT_URL_BEDROCK_RUNTIME}, else {@code AWS_ENDPOINT_URL}, else the Region's own.
   */
  public BedrockClient(Map<String, String> environment) {
    this(Endpoint.of("bedrock-runtime", environment), DefaultCredentialsProvider.builder().build());
  }

  BedrockClient(Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.upstream = new Upstream("bedrock", new Signing("bedrock", endpoint.region(), credentials));
  }

  @Override
  public Ending ask(ModelCall call, Deadline deadline, Sink sink) {
    ConversePlan plan = ConversePlan.of(call);
    byte[] body = ConverseBody.bytes(call, plan);
    return upstream.ask(
        new Outgoing<>(
            request(call.modelId(), call.stream(), body.length),
            body,
            new ConverseReading(call.stream())),
        new Answer(plan.calls(), sink, deadline, call.stream()));
  }

  /**
   * Runs every step of a call against nobody, so that a snapshot holds the classes it needs. Opens
   * no connection but one to this machine's port 1, and asks for no credentials.
   */
  public void prime() {
    Clock clock = Clock.systemUTC();
    Deadline deadline =
        new Deadline(
            clock.millis() + Upstream.CONNECT.toMillis(),
            Upstream.CONNECT,
            Upstream.CONNECT,
            clock);
    try (BedrockClient client =
        new BedrockClient(
            new Endpoint(NOBODY, endpoint.region()),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))) {
      Message frame =
          new Message(
              Map.of(
                  ":message-type", HeaderValue.fromString("event"),
                  ":event-type", HeaderValue.fromString("messageStart")),
              "{}".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      frame.encode(frames);
      new ConverseReading(true)
          .frames(new ByteArrayInputStream(frames.toByteArray()), new ArrayBlockingQueue<>(1));
      if (new ChatRequestReader(HELLO.length).read(HELLO)
          instanceof Parsed.Ok<ChatRequest>(ChatRequest hello)) {
        client.ask(new ModelCall("none", hello, 1, true), deadline, event -> {});
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes the idle connections. */
  @Override
  public void close() {
    upstream.close();
  }

  /** An unsigned request to one model, which may be named by an ARN. */
  private SdkHttpRequest request(String modelId, boolean stream, int bodyLength) {
    String path =
        "/model/" + SdkHttpUtils.urlEncode(modelId) + (stream ? "/converse-stream" : "/converse");
    return endpoint
        .post(path, "application/json", bodyLength)
        .putHeader("Accept", stream ? "application/vnd.amazon.eventstream" : "application/json")
        .build();
  }
}
