package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** The SDK's own client as the judge of what the adapter hears. */
@Timeout(60)
class SdkEventsTest {
  /**
   * Shared: each one takes two seconds to close. HTTP/1.1, because the fake speaks nothing else.
   */
  private static final SdkAsyncHttpClient NETTY =
      NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();

  @AfterAll
  static void closeNetty() {
    NETTY.close();
  }

  /** Events, and the name of what ended them early; empty when nothing did. */
  private record Heard(List<ModelEvent> events, String failure) {}

  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void our_events_are_the_ones_the_sdk_delivers(Fixture fixture) throws Exception {
    try (FakeUpstream bedrock =
        new FakeUpstream(wire -> {
          wire.status(200, "Content-Type: application/vnd.amazon.eventstream");
          wire.chunk(fixture.stream());
          wire.end();
        })) {
      Heard ours = ask(bedrock.uri(), true);
      Heard theirs = askSdk(bedrock.uri());

      assertThat(ours.failure()).isEqualTo(theirs.failure()).isEmpty();
      assertThat(untilUsage(ours.events())).isEqualTo(untilUsage(theirs.events()));
      // The SDK of this version does not know cacheDetails, so only the sums can be compared.
      assertThat(((ModelEvent.UsageReported) ours.events().getLast()).usage().promptTokens())
          .isEqualTo(((ModelEvent.UsageReported) theirs.events().getLast()).usage().promptTokens());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429,ThrottlingException",
    "429,ModelNotReadyException",
    "503,ServiceUnavailableException",
    "500,InternalServerException",
    "408,ModelTimeoutException",
    "424,ModelErrorException",
    "400,ValidationException",
    "403,AccessDeniedException",
    "404,ResourceNotFoundException",
  })
  void an_error_status_has_the_name_the_sdk_gives_it(int status, String name) throws Exception {
    try (FakeUpstream bedrock =
        new FakeUpstream(
            wire -> wire.json(status, "{\"message\":\"m\"}", "x-amzn-errortype: " + name))) {
      assertThat(ask(bedrock.uri(), true).failure())
          .isEqualTo(askSdk(bedrock.uri()).failure())
          .isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "throttlingException",
        "serviceUnavailableException",
        "internalServerException",
        "modelStreamErrorException",
        "validationException"
      })
  void an_exception_frame_has_the_name_the_sdk_gives_it(String type) throws Exception {
    try (FakeUpstream bedrock =
        new FakeUpstream(wire -> {
          wire.status(200, "Content-Type: application/vnd.amazon.eventstream");
          wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
          wire.chunk(Fixture.exception(type));
          wire.end();
        })) {
      Heard ours = ask(bedrock.uri(), true);
      Heard theirs = askSdk(bedrock.uri());

      assertThat(ours).isEqualTo(theirs);
      assertThat(ours.failure().toLowerCase(Locale.ROOT)).isEqualTo(type.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void the_stop_reasons_of_the_sdk_are_all_known() throws Exception {
    for (var reason :
        software.amazon.awssdk.services.bedrockruntime.model.StopReason.knownValues()) {
      String reply = Fixture.TEXT.reply().replace("end_turn", reason.toString());
      try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, reply))) {
        assertThat(ask(bedrock.uri(), false).events())
            .filteredOn(ModelEvent.Stopped.class::isInstance)
            .containsExactly(new ModelEvent.Stopped(expected(reason.toString())));
      }
    }
  }

  private static Heard ask(URI uri, boolean stream) {
    Asked asked = Asked.of(uri, Calls.hello(stream));
    return new Heard(
        asked.events(),
        switch (asked.ending()) {
          case Ending.Complete() -> "";
          case Ending.Failed(var fault) -> fault.detail();
        });
  }

  private static Heard askSdk(URI uri) {
    List<ModelEvent> events = Collections.synchronizedList(new ArrayList<>());
    try (BedrockRuntimeAsyncClient sdk =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(uri)
            .region(Region.EU_WEST_1)
            .credentialsProvider(Asked.credentials())
            .httpClient(NETTY)
            .overrideConfiguration(
                config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build()) {
      sdk.converseStream(
              ConverseStreamRequest.builder()
                  .modelId("m")
                  .messages(
                      Message.builder()
                          .role(ConversationRole.USER)
                          .content(ContentBlock.fromText("hi"))
                          .build())
                  .build(),
              ConverseStreamResponseHandler.builder().subscriber(visitor(events)).build())
          .join();
      return new Heard(List.copyOf(events), "");
    } catch (CompletionException e) {
      if (e.getCause() instanceof BedrockRuntimeException refused) {
        return new Heard(List.copyOf(events), refused.getClass().getSimpleName());
      }
      throw e;
    }
  }

  private static ConverseStreamResponseHandler.Visitor visitor(List<ModelEvent> events) {
    return ConverseStreamResponseHandler.Visitor.builder()
        .onMessageStart(event -> events.add(new ModelEvent.Started()))
        .onContentBlockStart(event ->
            events.add(
                new ModelEvent.ToolStarted(
                    event.contentBlockIndex(),
                    event.start().toolUse().toolUseId(),
                    event.start().toolUse().name())))
        .onContentBlockDelta(event -> delta(events, event.contentBlockIndex(), event.delta()))
        .onContentBlockStop(
            event -> events.add(new ModelEvent.BlockStopped(event.contentBlockIndex())))
        .onMessageStop(
            event -> events.add(new ModelEvent.Stopped(expected(event.stopReasonAsString()))))
        .onMetadata(event -> events.add(new ModelEvent.UsageReported(usage(event.usage()))))
        .build();
  }

  private static void delta(List<ModelEvent> events, int block, ContentBlockDelta delta) {
    if (delta.text() != null && !delta.text().isEmpty()) {
      events.add(new ModelEvent.TextDelta(block, delta.text()));
    } else if (delta.reasoningContent() != null && delta.reasoningContent().text() != null) {
      events.add(new ModelEvent.ReasoningDelta(block, delta.reasoningContent().text()));
    } else if (delta.toolUse() != null && !delta.toolUse().input().isEmpty()) {
      events.add(new ModelEvent.ToolDelta(block, delta.toolUse().input()));
    }
  }

  private static Usage usage(TokenUsage usage) {
    return new Usage(
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadInputTokens() == null ? 0 : usage.cacheReadInputTokens(),
        usage.cacheWriteInputTokens() == null ? 0 : usage.cacheWriteInputTokens(),
        0);
  }

  private static StopReason expected(String reason) {
    return switch (reason) {
      case "malformed_model_output", "malformed_tool_use" -> StopReason.MALFORMED;
      case "model_context_window_exceeded" -> StopReason.CONTEXT_WINDOW;
      default -> StopReason.valueOf(reason.toUpperCase(Locale.ROOT));
    };
  }

  private static List<ModelEvent> untilUsage(List<ModelEvent> events) {
    return events.subList(0, events.size() - 1);
  }
}
