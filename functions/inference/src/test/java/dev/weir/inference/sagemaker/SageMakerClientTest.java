package dev.weir.inference.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatCompletion;
import dev.weir.api.ChatRequest;
import dev.weir.api.ChatRequestReader;
import dev.weir.api.CompletionHead;
import dev.weir.api.Parsed;
import dev.weir.http.Endpoint;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import dev.weir.stream.CompletionFold;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Chat completions of endpoints, over the wire of SageMaker Runtime. */
@Timeout(120)
class SageMakerClientTest {

  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final String HI = "{'model':'m','messages':[{'role':'user','content':'hi'}]%s}";
  private static final String USAGE =
      "{'choices':[],'usage':{'prompt_tokens':11,'completion_tokens':7,"
          + "'prompt_tokens_details':{'cached_tokens':4}}}";
  private static final String TEXT =
      Wire.events(
          "{'choices':[{'index':0,'delta':{'role':'assistant','content':''}}],'usage':null}",
          "{'choices':[{'index':0,'delta':{'reasoning_content':'Hm 😀'}}]}",
          "{'choices':[{'index':0,'delta':{'content':'Grüß '}}]}",
          "{'choices':[{'index':0,'delta':{'content':'dich 汉😀'}}]}",
          "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}",
          USAGE,
          "[DONE]");

  private static final class Heard {
    private final List<ModelEvent> events = new ArrayList<>();
    private Ending ending = new Ending.Complete();
    private FakeUpstream.Seen seen = new FakeUpstream.Seen("", java.util.Map.of(), new byte[0]);

    ChatCompletion completion() {
      CompletionFold fold = new CompletionFold(new CompletionHead("id", 1, "m"));
      events.forEach(fold::accept);
      return fold.completion();
    }

    Fault fault() {
      return ((Ending.Failed) ending).fault();
    }

    JsonNode asked() throws IOException {
      return new ObjectMapper().readTree(seen.body());
    }
  }

  private static ChatRequest request(String body) {
    byte[] json = Wire.utf8(body.replace('\'', '"'));
    return switch (new ChatRequestReader(1_000_000).read(json)) {
      case Parsed.Ok<ChatRequest>(ChatRequest request) -> request;
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error.toString());
    };
  }

  private static Heard ask(FakeUpstream.Script script, String target, String body, Duration silence)
      throws IOException {
    Clock clock = Clock.systemUTC();
    Heard heard = new Heard();
    try (FakeUpstream server = new FakeUpstream(script);
        SageMakerClient client =
            new SageMakerClient(
                new Endpoint(server.uri(), "eu-west-1"),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))) {
      heard.ending =
          client.ask(
              new ModelCall(target, request(body), 100, false),
              new Deadline(clock.millis() + AMPLE.toMillis(), silence, silence, clock),
              heard.events::add);
      assertThat(server.seen()).as("attempts").hasSize(1);
      heard.seen = server.seen().getFirst();
    }
    return heard;
  }

  private static Heard ask(FakeUpstream.Script script) throws IOException {
    return ask(script, "sagemaker/chat", HI.formatted(""), AMPLE);
  }

  private static Heard frames(byte[]... frames) throws IOException {
    return ask(wire -> {
      wire.status(200);
      for (byte[] frame : frames) {
        wire.chunk(frame);
      }
      wire.end();
    });
  }

  private static Heard body(String body) throws IOException {
    return frames(Wire.part(Wire.utf8(body)));
  }

  /** C44: frames cut a body anywhere, and the network cuts frames anywhere. */
  @Test
  void an_answer_cut_at_any_byte_is_the_same_answer() throws IOException {
    Heard whole = body(TEXT);
    byte[] bytes = Wire.utf8(TEXT);
    assertThat(whole.ending).isEqualTo(new Ending.Complete());
    assertThat(whole.completion().text()).isEqualTo("Grüß dich 汉😀");
    assertThat(whole.completion().reasoning()).isEqualTo("Hm 😀");
    for (int cut = 0; cut <= bytes.length; cut++) {
      Heard heard =
          frames(
              Wire.part(Arrays.copyOf(bytes, cut)),
              Wire.part(Arrays.copyOfRange(bytes, cut, bytes.length)));
      assertThat(heard.events).as("at %d", cut).isEqualTo(whole.events);
    }
    Random random = new Random(9165);
    for (int round = 0; round < 50; round++) {
      List<byte[]> parts = new ArrayList<>();
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(1 + round));
        parts.add(Wire.part(Arrays.copyOfRange(bytes, from, to)));
        from = to;
      }
      byte[] wire = Wire.joined(parts);
      int cut = random.nextInt(wire.length);
      Heard heard = frames(Arrays.copyOf(wire, cut), Arrays.copyOfRange(wire, cut, wire.length));
      assertThat(heard.events).as("round %d", round).isEqualTo(whole.events);
      assertThat(heard.ending).isEqualTo(new Ending.Complete());
    }
  }

  @Test
  void usage_is_what_the_last_chunk_says_and_cached_tokens_are_apart() throws IOException {
    var usage = body(TEXT).completion().usage().orElseThrow();

    assertThat(usage.promptTokens()).isEqualTo(11);
    assertThat(usage.cachedTokens()).isEqualTo(4);
    assertThat(usage.completionTokens()).isEqualTo(7);
  }

  @Test
  void an_answer_without_usage_or_without_its_end_mark_is_whole() throws IOException {
    for (String missing :
        List.of("data: [DONE]\n\n", Wire.events(USAGE), Wire.events(USAGE, "[DONE]"))) {
      Heard heard = body(TEXT.replace(missing, ""));

      assertThat(heard.ending).isEqualTo(new Ending.Complete());
      assertThat(heard.completion().text()).isEqualTo("Grüß dich 汉😀");
      assertThat(heard.completion().usage().isEmpty()).isEqualTo(missing.contains("usage"));
    }
  }

  @Test
  void an_answer_that_ends_before_it_has_stopped_is_cut() throws IOException {
    String unstopped = TEXT.substring(0, TEXT.indexOf("finish_reason") - 40);
    for (String body :
        List.of(
            unstopped,
            unstopped.substring(0, unstopped.lastIndexOf("\n\n") + 2),
            unstopped.substring(0, unstopped.lastIndexOf("\n\n") + 2) + "data: [DONE]\n\n",
            unstopped + "\n\ndata: no json\n\n")) {
      assertThat(body(body).fault().kind()).as(body).isEqualTo(Fault.Kind.CUT);
    }
    byte[] broken = Wire.part(Wire.utf8(TEXT));
    broken[20] ^= 1;
    assertThat(frames(broken).fault().kind()).isEqualTo(Fault.Kind.CUT);
  }

  @Test
  void an_empty_answer_is_told() throws IOException {
    assertThat(
            body(Wire.events("{'choices':[{'delta':{},'finish_reason':'stop'}]}", USAGE))
                .fault()
                .kind())
        .isEqualTo(Fault.Kind.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
            + "'arguments':''}},{'index':1,'id':'b','function':{'name':'g'}}]}}]}"
            + "|{'choices':[{'delta':{'tool_calls':[{'index':1,'function':{'arguments':'{}'}}]}}]}"
            + "|{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{~x~:'}}]}}]}"
            + "|{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'1}'}}]}}]}"
            + "|{'choices':[{'delta':{},'finish_reason':'tool_calls'}]}",
        "{'choices':[{'message':{'content':null,'tool_calls':[{'id':'a','function':{'name':'f',"
            + "'arguments':{'x':1}}},{'id':'b','function':{'name':'g','arguments':{}}}]},"
            + "'finish_reason':'stop'}]}",
      })
  void tool_calls_come_in_pieces_or_whole(String chunks) throws IOException {
    Heard heard = body(Wire.events(chunks.replace("~", "\\'").split("\\|")));

    assertThat(heard.ending).isEqualTo(new Ending.Complete());
    assertThat(heard.completion().finishReason()).isEqualTo("tool_calls");
    assertThat(heard.completion().toolCalls())
        .containsExactly(
            new ChatRequest.ToolCall("a", "f", "{\"x\":1}"),
            new ChatRequest.ToolCall("b", "g", "{}"));
  }

  @Test
  void a_container_that_does_not_stream_is_heard_all_the_same() throws IOException {
    Heard heard =
        body(
            "{'choices':[{'message':{'content':'hello'},'finish_reason':'length'}],"
                    .replace('\'', '"')
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}");

    assertThat(heard.completion().text()).isEqualTo("hello");
    assertThat(heard.completion().finishReason()).isEqualTo("length");
    assertThat(heard.completion().usage()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'error':{'message':'canary','code':400}}|INVALID",
        "{'error':{'message':'canary','code':503}}|UNAVAILABLE",
        "{'object':'error','message':'canary','code':429}|THROTTLED",
        "{'error':'canary','error_type':'validation'}|INVALID",
        "{'error':'canary','error_type':'overloaded'}|THROTTLED",
        "{'error':'canary','error_type':'generation'}|MODEL_ERROR",
        "{'error':'canary','code':424}|MODEL_ERROR",
        "{'choices':[{'delta':{},'finish_reason':'error'}]}|MODEL_ERROR",
      })
  void an_error_inside_the_stream_ends_the_answer(String chunk, Fault.Kind kind)
      throws IOException {
    Heard heard =
        body(Wire.events("{'choices':[{'delta':{'content':'Half'}}]}", chunk, USAGE, "[DONE]"));

    assertThat(heard.fault().kind()).isEqualTo(kind);
    assertThat(heard.fault().detail()).startsWith("ErrorChunk").doesNotContain("canary");
    assertThat(heard.events).contains(new ModelEvent.TextDelta(0, "Half"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429|ThrottlingException|{'message':'Rate exceeded'}|THROTTLED|ThrottlingException",
        "424|ThrottlingException|{}|THROTTLED|ThrottlingException",
        "429|ModelNotReadyException|{}|NOT_READY|ModelNotReadyException",
        "424|ModelNotReadyException|{}|NOT_READY|ModelNotReadyException",
        "503|ServiceUnavailable|{}|UNAVAILABLE|ServiceUnavailable",
        "500|InternalFailure|{}|INTERNAL|InternalFailure",
        "530|InternalDependencyException|{}|INTERNAL|InternalDependencyException",
        "403|AccessDeniedException|{}|ACCESS_DENIED|AccessDeniedException",
        "400|ValidationError|{'Message':'canary'}|INVALID|ValidationError",
        "400|ValidationError|{'Message':'Endpoint x of account 1 not found.'}|NOT_FOUND|ValidationError",
        "400|ValidationError|{'Message':'Inference Component has no capacity to process this"
            + " request.'}|NOT_READY|ValidationError",
        "424|ModelError|{'OriginalStatusCode':400,'OriginalMessage':'canary'}|INVALID|ModelError 400",
        "424|ModelError|{'OriginalStatusCode':429}|THROTTLED|ModelError 429",
        "424|ModelError|{'OriginalStatusCode':503}|UNAVAILABLE|ModelError 503",
        "424|ModelError|{'OriginalStatusCode':500}|MODEL_ERROR|ModelError 500",
        "424|ModelError|{'OriginalStatusCode':404}|NOT_FOUND|ModelError 404",
        "424|ModelError|{'Message':'timed out'}|MODEL_TIMEOUT|ModelError 0",
        "503||<html>canary</html>|UNAVAILABLE|Http503",
      })
  void every_refusal_is_told_apart_and_its_words_are_dropped(
      int status, String name, String json, Fault.Kind kind, String detail) throws IOException {
    Heard heard =
        ask(wire ->
            wire.json(
                status,
                json.replace('\'', '"'),
                name == null ? "x-none: 1" : "x-amzn-ErrorType: " + name,
                "Retry-After: 3"));

    assertThat(heard.ending)
        .isEqualTo(
            new Ending.Failed(
                new Fault(kind, detail, java.util.Optional.of(Duration.ofSeconds(3)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ModelStreamError|{'Message':'canary','ErrorCode':'StreamBroken'}|MODEL_ERROR",
        "ModelStreamError|{'ErrorCode':'ModelInvocationTimeExceeded'}|MODEL_TIMEOUT",
        "InternalStreamFailure|{'Message':'canary'}|INTERNAL",
      })
  void an_exception_frame_ends_the_answer(String type, String payload, Fault.Kind kind)
      throws IOException {
    Heard heard =
        frames(
            Wire.part(Wire.utf8(Wire.events("{'choices':[{'delta':{'content':'Half'}}]}"))),
            Wire.exception(type, payload));

    assertThat(heard.fault().kind()).isEqualTo(kind);
    assertThat(heard.fault().detail()).startsWith(type).doesNotContain("canary");
    assertThat(heard.events).contains(new ModelEvent.TextDelta(0, "Half"));
  }

  @Test
  void a_silent_endpoint_a_reset_and_a_client_that_leaves_end_the_call() throws Exception {
    assertThat(
            ask(
                    FakeUpstream.Wire::stall,
                    "sagemaker/chat",
                    HI.formatted(""),
                    Duration.ofMillis(300))
                .fault()
                .kind())
        .isEqualTo(Fault.Kind.STALLED);
    assertThat(ask(FakeUpstream.Wire::drop).fault().kind()).isEqualTo(Fault.Kind.RESET);
    try (FakeUpstream server =
            new FakeUpstream(wire -> {
              wire.status(200);
              wire.chunk(Wire.part(Wire.utf8(TEXT.substring(0, 400))));
              wire.stall();
            });
        SageMakerClient client =
            new SageMakerClient(
                new Endpoint(server.uri(), "eu-west-1"),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))) {
      Clock clock = Clock.systemUTC();
      Ending ending =
          client.ask(
              new ModelCall("sagemaker/chat", request(HI.formatted("")), 100, true),
              new Deadline(clock.millis() + AMPLE.toMillis(), AMPLE, AMPLE, clock),
              event -> {
                throw new ModelClient.SinkClosed(new IOException("gone"));
              });

      assertThat(((Ending.Failed) ending).fault().kind()).isEqualTo(Fault.Kind.CANCELLED);
      assertThat(server.sawClientLeave()).isTrue();
    }
  }

  @Test
  void endpoint_and_component_are_where_the_api_wants_them() throws IOException {
    FakeUpstream.Script answer =
        wire -> {
          wire.status(200);
          wire.chunk(Wire.part(Wire.utf8(TEXT)));
          wire.end();
        };

    Heard plain = ask(answer, "sagemaker/chat", HI.formatted(""), AMPLE);
    Heard component = ask(answer, "sagemaker/shared/llama-8b", HI.formatted(""), AMPLE);

    assertThat(plain.seen.path()).isEqualTo("/endpoints/chat/invocations-response-stream");
    assertThat(plain.seen.headers()).doesNotContainKey("x-amzn-sagemaker-inference-component");
    assertThat(component.seen.path()).isEqualTo("/endpoints/shared/invocations-response-stream");
    assertThat(component.seen.headers())
        .containsEntry("x-amzn-sagemaker-inference-component", "llama-8b");
    assertThat(component.seen.headers().get("authorization"))
        .contains("/eu-west-1/sagemaker/aws4_request")
        .contains("x-amzn-sagemaker-inference-component");
  }

  @Test
  void a_request_is_put_in_the_container_s_own_words() throws IOException {
    String asked =
        HI.formatted(
            ",'temperature':1.5,'top_p':0.5,'stop':['x'],'parallel_tool_calls':false,'user':'u',"
                + "'tools':[{'type':'function','function':{'name':'f','description':'d',"
                + "'parameters':{'type':'object'}}}],'tool_choice':{'type':'function',"
                + "'function':{'name':'f'}},'response_format':{'type':'json_schema',"
                + "'json_schema':{'name':'city','schema':{'type':'object'}}}");
    Heard heard =
        ask(
            wire -> wire.json(500, "{}"),
            "sagemaker/chat",
            asked.replace(
                "{'role':'user','content':'hi'}",
                "{'role':'system','content':'one'},{'role':'user','content':[{'type':'text',"
                    + "'text':'hi'},{'type':'image_url','image_url':{'url':"
                    + "'data:image/png;base64,iVBORw0KGgo='}}]},{'role':'assistant','content':null,"
                    + "'tool_calls':[{'id':'a','type':'function','function':{'name':'f',"
                    + "'arguments':'{}'}}]},{'role':'tool','tool_call_id':'a','content':'done'},"
                    + "{'role':'developer','content':'two'},{'role':'user','content':'go'}"),
            AMPLE);

    JsonNode body = heard.asked();
    assertThat(body.path("messages").path(0).toString())
        .isEqualTo("{\"role\":\"system\",\"content\":\"one\\n\\ntwo\"}");
    assertThat(body.path("messages").path(1).path("content").path(1).path("image_url").path("url"))
        .hasToString("\"data:image/png;base64,iVBORw0KGgo=\"");
    assertThat(body.path("messages").path(2).path("content").isNull()).isTrue();
    assertThat(body.path("messages").path(2).path("tool_calls").path(0).path("id").asText())
        .isEqualTo("a");
    assertThat(body.path("messages").path(3).path("tool_call_id").asText()).isEqualTo("a");
    assertThat(body.path("messages").path(4).path("content").asText()).isEqualTo("go");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(100);
    assertThat(body.path("temperature").asDouble()).isEqualTo(1.5);
    assertThat(body.path("top_p").asDouble()).isEqualTo(0.5);
    assertThat(body.path("stop").path(0).asText()).isEqualTo("x");
    assertThat(body.path("tools").path(0).path("function").path("name").asText()).isEqualTo("f");
    assertThat(body.path("tool_choice").path("function").path("name").asText()).isEqualTo("f");
    assertThat(body.path("parallel_tool_calls").asBoolean(true)).isFalse();
    assertThat(body.path("response_format").path("json_schema").path("name").asText())
        .isEqualTo("city");
    assertThat(body.path("stream").asBoolean()).isTrue();
    assertThat(body.path("stream_options").path("include_usage").asBoolean()).isTrue();
    assertThat(body.has("model") || body.has("user")).isFalse();
  }

  @Test
  void a_mark_for_the_prompt_cache_is_not_passed_on() throws IOException {
    String mark = ",'cache_control':{'type':'ephemeral'}";
    String messages =
        "{'role':'system','content':'one'%s},{'role':'user','content':[{'type':'text','text':'hi'"
            + "%s}%s]}";
    String image = ",{'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}}";
    for (String more : new String[] {"", image}) {
      Heard plain = asking(messages.formatted("", "", more));
      Heard marked = asking(messages.formatted(mark, mark, more));

      assertThat(marked.asked()).isEqualTo(plain.asked());
    }
  }

  private static Heard asking(String messages) throws IOException {
    String body = HI.formatted("").replace("{'role':'user','content':'hi'}", messages);
    return ask(wire -> wire.json(500, "{}"), "sagemaker/chat", body, AMPLE);
  }
}
