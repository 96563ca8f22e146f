package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.ModelCall;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;

/** The SDK's own client as the judge of what the adapter sends. */
@Timeout(60)
class SdkRequestTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String PNG = "iVBORw0KGgo=";

  private static final String SCHEMA =
      "{'type':'object','properties':{'a':{'type':'number','minimum':1.5},'b':{'enum':[1,null]}}}";

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
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, Fixture.TEXT.reply()))) {
      Asked.of(bedrock.uri(), Calls.of(pair.body(), false));
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
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, Fixture.TEXT.reply()))) {
      ModelCall hello = Calls.hello(false);
      Asked.of(bedrock.uri(), new ModelCall(modelId, hello.request(), 100, false));
      try (BedrockRuntimeClient sdk = sdk(bedrock.uri())) {
        sdk.converse(
            request -> request.modelId(modelId).messages(user(ContentBlock.fromText("hi"))));
      }

      assertThat(bedrock.seen().get(0).path()).isEqualTo(bedrock.seen().get(1).path());
      for (FakeUpstream.Seen seen : bedrock.seen()) {
        assertThat(SignatureV4.scope(seen)).endsWith("/eu-west-1/bedrock/aws4_request");
        assertThat(SignatureV4.actual(seen)).isEqualTo(SignatureV4.expected(seen, Asked.SECRET));
      }
    }
  }

  private static BedrockRuntimeClient sdk(URI uri) {
    return BedrockRuntimeClient.builder()
        .endpointOverride(uri)
        .region(Region.EU_WEST_1)
        .credentialsProvider(Asked.credentials())
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
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
      case ARRAY -> Document.fromList(node.valueStream().map(SdkRequestTest::document).toList());
      case NUMBER -> Document.fromNumber(node.decimalValue());
      case BOOLEAN -> Document.fromBoolean(node.booleanValue());
      case STRING -> Document.fromString(node.textValue());
      default -> Document.fromNull();
    };
  }
}
