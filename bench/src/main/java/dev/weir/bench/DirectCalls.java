package dev.weir.bench;

import dev.weir.http.WholeBodyHttpClient;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;

/** The same question without Weir: the SDK's own clients, as a program would use them. */
final class DirectCalls implements AutoCloseable {
  private static final String MODEL = "local.scripted";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final ConverseRequest BUFFERED =
      ConverseRequest.builder()
          .modelId(MODEL)
          .system(SystemContentBlock.fromText(Events.SYSTEM))
          .messages(question())
          .inferenceConfig(limits -> limits.maxTokens(Events.MAX_TOKENS))
          .build();
  private static final ConverseStreamRequest STREAMED =
      ConverseStreamRequest.builder()
          .modelId(MODEL)
          .system(SystemContentBlock.fromText(Events.SYSTEM))
          .messages(question())
          .inferenceConfig(limits -> limits.maxTokens(Events.MAX_TOKENS))
          .build();

  private final BedrockRuntimeClient sync;
  private final BedrockRuntimeClient syncOnOurHttp;
  private final BedrockRuntimeAsyncClient async;

  DirectCalls(URI bedrock) {
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    BedrockRuntimeClientBuilder builder =
        BedrockRuntimeClient.builder()
            .endpointOverride(bedrock)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials);
    sync = builder.httpClient(UrlConnectionHttpClient.create()).build();
    syncOnOurHttp =
        builder
            .httpClient(new WholeBodyHttpClient(Duration.ofSeconds(3), Duration.ofMinutes(1)))
            .build();
    async =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(bedrock)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
  }

  /**
   * One buffered answer.
   *
   * @param millis from the call to its return
   * @param cpuMillis CPU of the calling thread, which does all the work
   */
  record Buffered(double millis, double cpuMillis) {}

  Buffered converse() {
    return converse(sync);
  }

  /** The same on the HTTP client that Weir puts under the SDK. */
  Buffered converseOnOurHttp() {
    return converse(syncOnOurHttp);
  }

  private static Buffered converse(BedrockRuntimeClient client) {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    client.converse(BUFFERED);
    return new Buffered(
        (System.nanoTime() - begun) / 1e6, (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6);
  }

  /** Milliseconds from the call to the first content of a streamed answer. */
  double firstContent() {
    AtomicLong first = new AtomicLong();
    long begun = System.nanoTime();
    async
        .converseStream(
            STREAMED,
            ConverseStreamResponseHandler.builder()
                .subscriber(
                    ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(_ -> first.compareAndSet(0, System.nanoTime()))
                        .build())
                .build())
        .join();
    return (first.get() - begun) / 1e6;
  }

  private static Message question() {
    return Message.builder()
        .role(ConversationRole.USER)
        .content(ContentBlock.fromText(Events.QUESTION))
        .build();
  }

  @Override
  public void close() {
    sync.close();
    syncOnOurHttp.close();
    async.close();
  }
}
