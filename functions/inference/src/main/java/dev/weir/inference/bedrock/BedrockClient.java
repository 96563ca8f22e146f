package dev.weir.inference.bedrock;

import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.Parsed;
import dev.weir.http.Endpoint;
import dev.weir.http.Signing;
import dev.weir.http.WholeBodyHttpClient;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.utils.http.SdkHttpUtils;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * Bedrock Runtime's Converse and ConverseStream over HTTP/1.1, with the SDK's signer, HTTP client
 * and event-stream decoder but without its client, which would need Netty to stream. Makes exactly
 * one attempt and ends within the deadline wherever the upstream stalls. Thread-safe.
 */
public final class BedrockClient implements ModelClient, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Above every deadline: only bounds the wait for the end of an answer that is already whole. */
  private static final Duration READ = Duration.ofMinutes(16);

  private static final int QUEUED_SIGNALS = 64;
  private static final URI NOBODY = URI.create("https://127.0.0.1:1");
  private static final byte[] HELLO =
      """
      {"model":"none","messages":[{"role":"user","content":"hi"}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Endpoint endpoint;
  private final Signing signing;
  private final SdkHttpClient http;

  /**
   * A client with the credentials, Region and endpoint the environment names: {@code
   * AWS_ENDPOINT_URL_BEDROCK_RUNTIME}, else {@code AWS_ENDPOINT_URL}, else the Region's own.
   */
  public BedrockClient(Map<String, String> environment) {
    this(Endpoint.of("bedrock-runtime", environment), DefaultCredentialsProvider.builder().build());
  }

  BedrockClient(Endpoint endpoint, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
    this.endpoint = endpoint;
    this.signing = new Signing("bedrock", endpoint.region(), credentials);
    this.http = new WholeBodyHttpClient(CONNECT, READ);
  }

  @Override
  public Ending ask(ModelCall call, Deadline deadline, Sink sink) {
    ConversePlan plan = ConversePlan.of(call);
    byte[] body = ConverseBody.bytes(call, plan);
    Outgoing outgoing =
        new Outgoing(request(call.modelId(), call.stream(), body.length), body, call.stream());
    BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(QUEUED_SIGNALS);
    Thread reader =
        Thread.ofVirtual().name("bedrock").start(new Exchange(http, signing, outgoing, signals));
    Answer answer = new Answer(plan.calls(), sink);
    boolean isOver = false;
    try {
      Ending ending = listen(signals, new Patience(deadline, call.stream()), answer);
      isOver = true;
      return ending;
    } catch (SinkClosed e) {
      return cancelled("ClientGone");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return cancelled("Interrupted");
    } finally {
      if (!isOver || !answer.isWhole()) {
        reader.interrupt();
      }
    }
  }

  /**
   * Runs every step of a call against nobody, so that a snapshot holds the classes it needs. Opens
   * no connection but one to this machine's port 1, and asks for no credentials.
   */
  public void prime() {
    Clock clock = Clock.systemUTC();
    Deadline deadline = new Deadline(clock.millis() + CONNECT.toMillis(), CONNECT, CONNECT, clock);
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
      new FrameReader(new ArrayBlockingQueue<>(1))
          .read(new ByteArrayInputStream(frames.toByteArray()));
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
    http.close();
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

  private static Ending listen(BlockingQueue<Signal> signals, Patience patience, Answer answer)
      throws InterruptedException, SinkClosed {
    while (true) {
      long left = patience.left().toNanos();
      @Nullable Signal signal = left > 0 ? signals.poll(left, TimeUnit.NANOSECONDS) : null;
      switch (signal) {
        case null -> {
          return answer.end(new Ending.Failed(patience.fault()));
        }
        case Signal.Over(Ending ending) -> {
          return answer.end(ending);
        }
        case Signal.Next(var events) -> {
          for (ModelEvent event : events) {
            // The time our own side takes is not the model's silence.
            answer.accept(event);
            patience.heard(event);
            if (answer.isWhole()) {
              return answer.end(new Ending.Complete());
            }
          }
        }
      }
    }
  }

  private static Ending cancelled(String detail) {
    return new Ending.Failed(Fault.of(Kind.CANCELLED, detail));
  }
}
