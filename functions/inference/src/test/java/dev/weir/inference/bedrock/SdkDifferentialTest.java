package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelEvent;
import dev.weir.model.StopReason;
import dev.weir.route.Deadline;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;

/**
 * The SDK's own clients as the judge: same requests on the wire, same events from the same wire.
 */
@Timeout(60)
class SdkDifferentialTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final String SECRET = "secret";
  private static final String PNG = "iVBORw0KGgo=";
  private static final String SCHEMA =
      "{'type':'object','properties':{'a':{'type':'number','minimum':1.5},'b':{'enum':[1,null]}}}";

  /**
   * Shared: each one takes two seconds to close. HTTP/1.1, because the fake speaks nothing else.
   */
  private static final SdkAsyncHttpClient NETTY =
      NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();

  @AfterAll
  static void closeNetty() {
    NETTY.close();
  }

  /** An OpenAI request and what a user of the SDK would have written. */
  private record Pair(String name, String body, Consumer<ConverseRequest.Builder> request) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Pair> pairs() {
    return Stream.of(
        new Pair(
            "options",
            "{'model':'m','messages':[{'role':'system','content':'be brief'},"
                + "{'role':'user','content':'Grüß 😀 \\\\ \\u2028'}],"
                + "'temperature':0.3,'top_p':0.9,'stop':['END']}",
            request ->
                request
                    .system(system -> system.text("be brief"))
                    .messages(user(ContentBlock.fromText("Grüß 😀 \\ \u2028")))
                    .inferenceConfig(config ->
                        config.maxTokens(100).temperature(0.3f).topP(0.9f).stopSequences("END"))),
        new Pair(
            "an image",
            "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'see'},"
                + "{'type':'image_url','image_url':{'url':'data:image/png;base64,"
                + PNG
                + "'}}]}]}",
            request ->
                request
                    .messages(
                        user(
                            ContentBlock.fromText("see"),
                            ContentBlock.fromImage(image ->
                                image
                                    .format("png")
                                    .source(source ->
                                        source.bytes(
                                            SdkBytes.fromByteArray(
                                                Base64.getDecoder().decode(PNG)))))))
                    .inferenceConfig(config -> config.maxTokens(100))),
        new Pair(
            "tools and their results",
            "{'model':'m','messages':[{'role':'user','content':'q'},"
                + "{'role':'assistant','tool_calls':[{'id':'c1','type':'function','function':"
                + "{'name':'f','arguments':'{\\'a\\':[1,2.5,true,null,\\'x\\']}'}}]},"
                + "{'role':'tool','tool_call_id':'c1','content':'42'}],"
                + "'tools':[{'type':'function','function':{'name':'f','description':'does f',"
                + "'parameters':"
                + SCHEMA
                + "}}],'tool_choice':{'type':'function','function':{'name':'f'}}}",
            request ->
                request
                    .messages(
                        user(ContentBlock.fromText("q")),
                        Message.builder()
                            .role(ConversationRole.ASSISTANT)
                            .content(
                                ContentBlock.fromToolUse(use ->
                                    use.toolUseId("c1")
                                        .name("f")
                                        .input(document("{'a':[1,2.5,true,null,'x']}"))))
                            .build(),
                        user(
                            ContentBlock.fromToolResult(
                                result -> result.toolUseId("c1").content(text -> text.text("42")))))
                    .inferenceConfig(config -> config.maxTokens(100))
                    .toolConfig(config ->
                        config
                            .tools(
                                Tool.fromToolSpec(spec ->
                                    spec.name("f")
                                        .description("does f")
                                        .inputSchema(schema -> schema.json(document(SCHEMA)))))
                            .toolChoice(choice -> choice.tool(named -> named.name("f"))))),
        new Pair(
            "any tool",
            "{'model':'m','messages':[{'role':'user','content':'q'}],'tools':[{'type':'function',"
                + "'function':{'name':'f','parameters':"
                + SCHEMA
                + "}}],'tool_choice':'required'}",
            request ->
                request
                    .messages(user(ContentBlock.fromText("q")))
                    .inferenceConfig(config -> config.maxTokens(100))
                    .toolConfig(config ->
                        config
                            .tools(
                                Tool.fromToolSpec(spec ->
                                    spec.name("f")
                                        .inputSchema(schema -> schema.json(document(SCHEMA)))))
                            .toolChoice(choice -> choice.any(any -> {})))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void our_body_is_the_one_the_sdk_sends(Pair pair) throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(wire -> wire.json(200, Fixture.TEXT.reply()))) {
      ask(bedrock.uri(), Calls.of(pair.body(), false));
      try (BedrockRuntimeClient sdk = sdk(bedrock.uri())) {
        sdk.converse(pair.request().andThen(request -> request.modelId("m"))::accept);
      }

      assertThat(MAPPER.readTree(bedrock.seen().get(0).body()))
          .isEqualTo(MAPPER.readTree(bedrock.seen().get(1).body()));
      assertThat(bedrock.seen().get(0).headers().get("content-type"))
          .isEqualTo(bedrock.seen().get(1).headers().get("content-type"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amazon.nova-lite-v1:0",
        "eu.anthropic.claude-sonnet-4-20250514-v1:0",
        "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123",
        "local.smollm2-135m-instruct"
      })
  void path_and_signature_hold_for_every_form_of_model_id(String modelId) throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(wire -> wire.json(200, Fixture.TEXT.reply()))) {
      ModelCall hello = Calls.hello(false);
      ask(bedrock.uri(), new ModelCall(modelId, hello.request(), 100, false));
      try (BedrockRuntimeClient sdk = sdk(bedrock.uri())) {
        sdk.converse(
            request -> request.modelId(modelId).messages(user(ContentBlock.fromText("hi"))));
      }

      assertThat(bedrock.seen().get(0).path()).isEqualTo(bedrock.seen().get(1).path());
      for (FakeBedrock.Seen seen : bedrock.seen()) {
        assertThat(SignatureV4.scope(seen)).endsWith("/eu-west-1/bedrock/aws4_request");
        assertThat(SignatureV4.actual(seen)).isEqualTo(SignatureV4.expected(seen, SECRET));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void our_events_are_the_ones_the_sdk_delivers(Fixture fixture) throws Exception {
    try (FakeBedrock bedrock =
        new FakeBedrock(wire -> {
          wire.status(200, "Content-Type: application/vnd.amazon.eventstream");
          wire.chunk(fixture.stream());
          wire.end();
        })) {
      Heard ours = ask(bedrock.uri(), Calls.hello(true));
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
    try (FakeBedrock bedrock =
        new FakeBedrock(
            wire -> wire.json(status, "{\"message\":\"m\"}", "x-amzn-errortype: " + name))) {
      assertThat(ask(bedrock.uri(), Calls.hello(true)).failure())
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
    try (FakeBedrock bedrock =
        new FakeBedrock(wire -> {
          wire.status(200, "Content-Type: application/vnd.amazon.eventstream");
          wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
          wire.chunk(Fixture.exception(type));
          wire.end();
        })) {
      Heard ours = ask(bedrock.uri(), Calls.hello(true));
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
      try (FakeBedrock bedrock = new FakeBedrock(wire -> wire.json(200, reply))) {
        assertThat(ask(bedrock.uri(), Calls.hello(false)).events())
            .filteredOn(ModelEvent.Stopped.class::isInstance)
            .containsExactly(new ModelEvent.Stopped(expected(reason.toString())));
      }
    }
  }

  /** Events, and the name of what ended them early; empty when nothing did. */
  private record Heard(List<ModelEvent> events, String failure) {}

  private static Heard ask(URI uri, ModelCall call) {
    Clock clock = Clock.systemUTC();
    List<ModelEvent> events = new ArrayList<>();
    try (BedrockClient client = new BedrockClient(new Endpoint(uri, "eu-west-1"), credentials())) {
      Ending ending =
          client.ask(
              call,
              new Deadline(clock.millis() + AMPLE.toMillis(), AMPLE, AMPLE, clock),
              events::add);
      return new Heard(
          events,
          switch (ending) {
            case Ending.Complete() -> "";
            case Ending.Failed(var fault) -> fault.detail();
          });
    }
  }

  private static Heard askSdk(URI uri) {
    List<ModelEvent> events = Collections.synchronizedList(new ArrayList<>());
    try (BedrockRuntimeAsyncClient sdk =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(uri)
            .region(Region.EU_WEST_1)
            .credentialsProvider(credentials())
            .httpClient(NETTY)
            .overrideConfiguration(
                config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build()) {
      sdk.converseStream(
              ConverseStreamRequest.builder()
                  .modelId("m")
                  .messages(user(ContentBlock.fromText("hi")))
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

  private static BedrockRuntimeClient sdk(URI uri) {
    return BedrockRuntimeClient.builder()
        .endpointOverride(uri)
        .region(Region.EU_WEST_1)
        .credentialsProvider(credentials())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private static StaticCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", SECRET));
  }

  private static Message user(ContentBlock... content) {
    return Message.builder().role(ConversationRole.USER).content(content).build();
  }

  private static Document document(String text) {
    try {
      return document(MAPPER.readTree(Fixture.json(text)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Document document(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT ->
          Document.fromMap(
              node.propertyStream()
                  .collect(
                      Collectors.toMap(Map.Entry::getKey, field -> document(field.getValue()))));
      case ARRAY ->
          Document.fromList(node.valueStream().map(SdkDifferentialTest::document).toList());
      case NUMBER -> Document.fromNumber(node.decimalValue());
      case BOOLEAN -> Document.fromBoolean(node.booleanValue());
      case STRING -> Document.fromString(node.textValue());
      default -> Document.fromNull();
    };
  }
}
