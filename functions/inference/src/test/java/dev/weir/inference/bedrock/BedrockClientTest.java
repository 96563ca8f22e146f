package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.ChatCompletion;
import dev.weir.api.CompletionHead;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.model.ModelCall;
import dev.weir.model.ModelClient;
import dev.weir.model.ModelEvent;
import dev.weir.route.Deadline;
import dev.weir.stream.CompletionFold;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

@Timeout(60)
class BedrockClientTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** What came of one call. */
  private record Outcome(List<ModelEvent> events, Ending ending) {

    Fault.Kind kind() {
      return ((Ending.Failed) ending).fault().kind();
    }

    ChatCompletion completion() {
      CompletionFold fold = new CompletionFold(new CompletionHead("id", 1, "m"));
      events.forEach(fold::accept);
      return fold.completion();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void a_streamed_answer_equals_the_buffered_one(Fixture fixture) throws Exception {
    Outcome streamed = ask(fixture, true);
    Outcome buffered = ask(fixture, false);

    assertThat(streamed.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(buffered.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(comparable(streamed)).isEqualTo(comparable(buffered));
  }

  @Test
  void text_arrives_piece_by_piece() throws Exception {
    assertThat(ask(Fixture.TEXT, true).events())
        .contains(new ModelEvent.TextDelta(0, "Grüß "), new ModelEvent.TextDelta(0, "dich 😀"))
        .doesNotContain(new ModelEvent.TextDelta(0, ""));
  }

  @Test
  void a_forced_tools_arguments_arrive_as_text_and_nothing_else_does() throws Exception {
    Outcome outcome = ask(Fixture.JSON_SCHEMA, true);

    assertThat(outcome.completion().text()).isEqualTo("{\"city\":\"Bern\"}");
    assertThat(outcome.completion().toolCalls()).isEmpty();
    assertThat(outcome.completion().finishReason()).isEqualTo("stop");
  }

  @Test
  void cached_usage_is_told_by_lifetime() throws Exception {
    assertThat(ask(Fixture.CACHED, true).events())
        .endsWith(new ModelEvent.UsageReported(new Usage(10, 2, 100, 10, 20)));
  }

  @ParameterizedTest
  @MethodSource("dev.weir.inference.bedrock.Fixture#all")
  void a_stream_cut_at_any_frame_is_never_taken_for_whole(Fixture fixture) throws Exception {
    List<byte[]> frames = fixture.frames();
    Outcome whole = ask(fixture, true);
    int stop = frames.size() - 2;
    for (int cut = 0; cut <= stop; cut++) {
      Outcome outcome = cut(fixture, Fixture.joined(frames.subList(0, cut)), cut % 2 == 0);

      assertThat(outcome.kind()).as("after frame %s", cut).isEqualTo(Fault.Kind.CUT);
      assertPrefix(outcome.events(), whole.events());
      if (cut == stop) {
        assertThat(outcome.events()).hasSize(whole.events().size() - 2);
      }
    }
  }

  @Test
  void a_stream_cut_within_any_frame_is_never_taken_for_whole() throws Exception {
    List<byte[]> frames = Fixture.TEXT.frames();
    Outcome whole = ask(Fixture.TEXT, true);
    for (int i = 0; i < frames.size() - 1; i++) {
      byte[] before = Fixture.joined(frames.subList(0, i));
      for (int within : new int[] {1, 5, 11, 12, 13, frames.get(i).length - 1}) {
        byte[] sent = Fixture.joined(List.of(before, Fixture.prefix(frames.get(i), within)));
        Outcome outcome = cut(Fixture.TEXT, sent, within % 2 == 0);

        assertThat(outcome.kind()).as("frame %s byte %s", i, within).isEqualTo(Fault.Kind.CUT);
        assertPrefix(outcome.events(), whole.events());
      }
    }
  }

  @Test
  void a_stream_that_loses_only_its_usage_is_whole_without_usage() throws Exception {
    List<byte[]> frames = Fixture.TEXT.frames();
    Outcome outcome =
        cut(Fixture.TEXT, Fixture.joined(frames.subList(0, frames.size() - 1)), false);

    assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
    assertThat(outcome.completion().usage()).isEmpty();
  }

  @Test
  void a_damaged_frame_ends_the_answer_after_the_sound_ones() throws Exception {
    byte[] stream = Fixture.TEXT.stream();
    int damaged = Fixture.joined(Fixture.TEXT.frames().subList(0, 3)).length + 40;
    stream[damaged] ^= 1;

    Outcome outcome = cut(Fixture.TEXT, stream, true);

    assertThat(outcome.kind()).isEqualTo(Fault.Kind.CUT);
    assertThat(outcome.events()).contains(new ModelEvent.TextDelta(0, "Grüß "));
  }

  @Test
  void a_frame_of_absurd_length_ends_the_answer() throws Exception {
    byte[] stream = Fixture.TEXT.stream();
    Arrays.fill(stream, 0, 4, (byte) 0x7f);

    assertThat(cut(Fixture.TEXT, stream, true).kind()).isEqualTo(Fault.Kind.CUT);
  }

  @Test
  void a_truncated_buffered_reply_is_cut() throws Exception {
    String reply = Fixture.TEXT.reply();
    for (int length : new int[] {0, 1, reply.length() / 2, reply.length() - 1}) {
      assertThat(
              ask(
                      wire -> wire.json(200, reply.substring(0, length)),
                      Calls.hello(false),
                      deadline(AMPLE, AMPLE, AMPLE))
                  .kind())
          .isEqualTo(Fault.Kind.CUT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429,ThrottlingException,THROTTLED",
    "400,ServiceQuotaExceededException,QUOTA_EXCEEDED",
    "429,ModelNotReadyException,NOT_READY",
    "503,ServiceUnavailableException,UNAVAILABLE",
    "500,InternalServerException,INTERNAL",
    "408,ModelTimeoutException,MODEL_TIMEOUT",
    "424,ModelErrorException,MODEL_ERROR",
    "424,ModelStreamErrorException,MODEL_ERROR",
    "400,ValidationException,INVALID",
    "403,AccessDeniedException,ACCESS_DENIED",
    "404,ResourceNotFoundException,NOT_FOUND",
    "400,ConflictException,REFUSED",
    "403,UnrecognizedClientException,ACCESS_DENIED",
    "429,SomethingNew,THROTTLED",
    "418,SomethingNew,REFUSED",
    "502,SomethingNew,INTERNAL",
  })
  void every_exception_is_told_apart_as_status_and_as_frame(
      int status, String name, Fault.Kind kind) throws Exception {
    String quoting = "{\"message\":\"you wrote: canary\"}";
    for (boolean stream : new boolean[] {true, false}) {
      Outcome byHeader =
          ask(
              wire -> wire.json(status, quoting, "x-amzn-errortype: " + name + ":http://internal/"),
              Calls.hello(stream),
              deadline(AMPLE, AMPLE, AMPLE));
      Outcome byBody =
          ask(
              wire -> wire.json(status, "{\"__type\":\"com.amazon.x#" + name + "\"}"),
              Calls.hello(stream),
              deadline(AMPLE, AMPLE, AMPLE));

      assertThat(byHeader.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
      assertThat(byBody.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
      assertThat(byHeader.events()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "throttlingException,ThrottlingException,THROTTLED",
    "serviceUnavailableException,ServiceUnavailableException,UNAVAILABLE",
    "internalServerException,InternalServerException,INTERNAL",
    "modelStreamErrorException,ModelStreamErrorException,MODEL_ERROR",
    "validationException,ValidationException,INVALID",
    "modelTimeoutException,ModelTimeoutException,MODEL_TIMEOUT",
    "somethingNewException,SomethingNewException,INTERNAL",
  })
  void an_exception_frame_within_a_200_is_told_apart_and_its_words_are_dropped(
      String type, String name, Fault.Kind kind) throws Exception {
    byte[] stream =
        Fixture.joined(
            List.of(
                Fixture.event("messageStart", "{'role':'assistant'}"),
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}"),
                Fixture.exception(type)));

    Outcome outcome = cut(Fixture.TEXT, stream, true);

    assertThat(outcome.ending()).isEqualTo(new Ending.Failed(Fault.of(kind, name)));
    assertThat(outcome.events())
        .containsExactly(new ModelEvent.Started(), new ModelEvent.TextDelta(0, "a"));
    assertThat(outcome.toString()).doesNotContain("canary");
  }

  @Test
  void the_upstreams_wait_is_passed_on() throws Exception {
    Outcome outcome =
        ask(
            wire -> wire.json(429, "{}", "x-amzn-errortype: ThrottlingException", "Retry-After: 7"),
            Calls.hello(true),
            deadline(AMPLE, AMPLE, AMPLE));

    assertThat(((Ending.Failed) outcome.ending()).fault().retryAfter())
        .contains(Duration.ofSeconds(7));
  }

  @Test
  void an_error_page_of_something_in_between_is_told_by_its_status() throws Exception {
    Outcome outcome =
        ask(
            wire -> wire.json(503, "<html>canary</html>"),
            Calls.hello(true),
            deadline(AMPLE, AMPLE, AMPLE));

    assertThat(outcome.ending())
        .isEqualTo(new Ending.Failed(Fault.of(Fault.Kind.UNAVAILABLE, "Http503")));
  }

  @Test
  void a_stall_before_the_headers_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(FakeBedrock.Wire::stall, deadline(SHORT, AMPLE, AMPLE), Fault.Kind.STALLED);
  }

  @Test
  void a_stall_after_the_headers_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.stall();
        },
        deadline(SHORT, AMPLE, AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void a_stall_after_some_text_ends_in_time_and_closes_the_connection() throws Exception {
    Outcome outcome =
        assertStall(
            wire -> {
              wire.status(200);
              wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
              wire.stall();
            },
            deadline(AMPLE, SHORT, AMPLE),
            Fault.Kind.STALLED);

    assertThat(outcome.completion().text()).isEqualTo("Grüß ");
  }

  @Test
  void a_stall_within_a_frame_ends_in_time_and_closes_the_connection() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.chunk(Fixture.prefix(Fixture.TEXT.stream(), 300));
          wire.stall();
        },
        deadline(SHORT, SHORT, AMPLE),
        Fault.Kind.STALLED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_requests_deadline_stands_above_all(boolean stream) throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(FakeBedrock.Wire::stall)) {
      Outcome outcome =
          ask(bedrock.uri(), Calls.hello(stream), deadline(AMPLE, AMPLE, SHORT), event -> {});

      assertThat(outcome.kind()).isEqualTo(Fault.Kind.DEADLINE);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void frames_without_content_do_not_postpone_the_first_content() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          while (true) {
            wire.chunk(Fixture.event("messageStart", "{'role':'assistant'}"));
            wire.chunk(
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"));
            sleep(50);
          }
        },
        deadline(SHORT, AMPLE, AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void frames_without_content_do_not_count_as_life_between_events() throws Exception {
    assertStall(
        wire -> {
          wire.status(200);
          wire.chunk(
              Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}"));
          while (true) {
            wire.chunk(
                Fixture.event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"));
            sleep(50);
          }
        },
        deadline(AMPLE, SHORT, AMPLE),
        Fault.Kind.STALLED);
  }

  @Test
  void a_steady_answer_outlives_the_idle_time() throws Exception {
    Outcome outcome =
        ask(
            wire -> {
              wire.status(200);
              for (byte[] frame : Fixture.TWO_TOOLS.frames()) {
                wire.chunk(frame);
                sleep(60);
              }
              wire.end();
            },
            Calls.hello(true),
            deadline(Duration.ofSeconds(5), Duration.ofMillis(700), AMPLE));

    assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
  }

  @Test
  void a_client_that_leaves_closes_the_upstream_connection() throws Exception {
    try (FakeBedrock bedrock =
        new FakeBedrock(wire -> {
          wire.status(200);
          wire.chunk(Fixture.joined(Fixture.TEXT.frames().subList(0, 2)));
          wire.stall();
        })) {
      Outcome outcome =
          ask(
              bedrock.uri(),
              Calls.hello(true),
              deadline(AMPLE, AMPLE, AMPLE),
              event -> {
                if (event instanceof ModelEvent.TextDelta) {
                  throw new ModelClient.SinkClosed(new IOException("broken pipe"));
                }
              });

      assertThat(outcome.kind()).isEqualTo(Fault.Kind.CANCELLED);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void an_interrupted_caller_closes_the_upstream_connection_and_stays_interrupted()
      throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(FakeBedrock.Wire::stall)) {
      List<Object> seen = new ArrayList<>();
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                seen.add(
                    ask(
                            bedrock.uri(),
                            Calls.hello(true),
                            deadline(AMPLE, AMPLE, AMPLE),
                            event -> {})
                        .kind());
                seen.add(Thread.currentThread().isInterrupted());
              });
      while (bedrock.seen().isEmpty()) {
        sleep(20);
      }
      caller.interrupt();
      caller.join();

      assertThat(seen).containsExactly(Fault.Kind.CANCELLED, true);
      assertThat(bedrock.sawClientLeave()).isTrue();
    }
  }

  @Test
  void a_kept_alive_connection_that_breaks_is_never_tried_again() throws Exception {
    try (FakeBedrock bedrock =
            new FakeBedrock(wire -> {
              if (wire.count() > 1) {
                wire.drop();
              }
              wire.json(200, Fixture.TEXT.reply());
            });
        BedrockClient client = client(bedrock.uri())) {
      assertThat(ask(client, Calls.hello(false)).ending()).isInstanceOf(Ending.Complete.class);
      sleep(100);
      assertThat(ask(client, Calls.hello(false)).kind()).isEqualTo(Fault.Kind.CONNECTION);

      assertThat(bedrock.seen()).hasSize(2);
      assertThat(bedrock.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connections_are_kept_alive(boolean stream) throws Exception {
    try (FakeBedrock bedrock =
            new FakeBedrock(wire -> {
              wire.status(200);
              wire.chunk(
                  stream
                      ? Fixture.TEXT.stream()
                      : Fixture.TEXT.reply().getBytes(StandardCharsets.UTF_8));
              wire.end();
            });
        BedrockClient client = client(bedrock.uri())) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask(client, Calls.hello(stream)).ending()).isInstanceOf(Ending.Complete.class);
        sleep(100);
      }

      assertThat(bedrock.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_throttled_call_is_one_attempt() throws Exception {
    try (FakeBedrock bedrock =
        new FakeBedrock(wire -> wire.json(429, "{}", "x-amzn-errortype: ThrottlingException"))) {
      ask(bedrock.uri(), Calls.hello(true), deadline(AMPLE, AMPLE, AMPLE), event -> {});

      assertThat(bedrock.seen()).hasSize(1);
    }
  }

  @Test
  void nobody_listening_is_a_connection_fault() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    assertThat(ask(nobody, Calls.hello(true), deadline(AMPLE, AMPLE, AMPLE), event -> {}).kind())
        .isEqualTo(Fault.Kind.CONNECTION);
  }

  @ParameterizedTest
  @CsvSource({"end_turn,true", "tool_use,true", "max_tokens,false", "guardrail_intervened,false"})
  void a_model_that_ends_its_turn_without_a_word_has_failed(String reason, boolean failed)
      throws Exception {
    byte[] stream =
        Fixture.joined(
            List.of(
                Fixture.event("messageStart", "{'role':'assistant'}"),
                Fixture.event("messageStop", "{'stopReason':'" + reason + "'}"),
                Fixture.event("metadata", "{'usage':{'inputTokens':5,'outputTokens':0}}")));

    Outcome outcome = cut(Fixture.TEXT, stream, true);

    if (failed) {
      assertThat(outcome.kind()).isEqualTo(Fault.Kind.EMPTY);
      assertThat(outcome.events()).noneMatch(ModelEvent.Stopped.class::isInstance);
    } else {
      assertThat(outcome.ending()).isInstanceOf(Ending.Complete.class);
    }
    assertThat(outcome.events()).endsWith(new ModelEvent.UsageReported(Usage.of(5, 0)));
  }

  @Test
  void the_endpoint_comes_from_the_environment_the_closest_variable_first() {
    Map<String, String> both =
        Map.of(
            "AWS_REGION",
            "eu-west-1",
            "AWS_ENDPOINT_URL",
            "http://all",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            "http://bedrock");

    assertThat(Endpoint.of(both).base()).hasToString("http://bedrock");
    assertThat(
            Endpoint.of(Map.of("AWS_REGION", "eu-west-1", "AWS_ENDPOINT_URL", "http://all")).base())
        .hasToString("http://all");
    assertThat(Endpoint.of(Map.of("AWS_REGION", "cn-north-1")).base())
        .hasToString("https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
  }

  @Test
  void priming_leaves_the_client_usable_and_asks_nobody() throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(wire -> wire.json(200, Fixture.TEXT.reply()));
        BedrockClient client = client(bedrock.uri())) {
      client.prime();

      assertThat(bedrock.connections()).isZero();
      assertThat(ask(client, Calls.hello(false)).ending()).isInstanceOf(Ending.Complete.class);
    }
  }

  private static Outcome assertStall(FakeBedrock.Script script, Deadline deadline, Fault.Kind kind)
      throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(script)) {
      long start = System.nanoTime();
      Outcome outcome = ask(bedrock.uri(), Calls.hello(true), deadline, event -> {});
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(outcome.kind()).isEqualTo(kind);
      assertThat(took).isBetween(SHORT, SHORT.plusSeconds(5));
      assertThat(bedrock.seen()).hasSize(1);
      return outcome;
    }
  }

  private static Outcome ask(Fixture fixture, boolean stream) throws Exception {
    return ask(
        wire -> {
          wire.status(200);
          wire.chunk(stream ? fixture.stream() : fixture.reply().getBytes(StandardCharsets.UTF_8));
          wire.end();
        },
        Calls.formatted(fixture.format(), stream),
        deadline(AMPLE, AMPLE, AMPLE));
  }

  /** Streams these bytes and no more; the HTTP response itself may end properly or not. */
  private static Outcome cut(Fixture fixture, byte[] bytes, boolean properly) throws Exception {
    return ask(
        wire -> {
          wire.status(200);
          wire.chunk(bytes);
          if (!properly) {
            wire.drop();
          }
          wire.end();
        },
        Calls.formatted(fixture.format(), true),
        deadline(AMPLE, AMPLE, AMPLE));
  }

  private static Outcome ask(FakeBedrock.Script script, ModelCall call, Deadline deadline)
      throws Exception {
    try (FakeBedrock bedrock = new FakeBedrock(script)) {
      Outcome outcome = ask(bedrock.uri(), call, deadline, event -> {});
      assertThat(bedrock.seen()).as("attempts").hasSize(1);
      return outcome;
    }
  }

  private static Outcome ask(URI uri, ModelCall call, Deadline deadline, ModelClient.Sink sink) {
    try (BedrockClient client = client(uri)) {
      return ask(client, call, deadline, sink);
    }
  }

  private static Outcome ask(BedrockClient client, ModelCall call) {
    return ask(client, call, deadline(AMPLE, AMPLE, AMPLE), event -> {});
  }

  private static Outcome ask(
      BedrockClient client, ModelCall call, Deadline deadline, ModelClient.Sink sink) {
    List<ModelEvent> events = new ArrayList<>();
    Ending ending =
        client.ask(
            call,
            deadline,
            event -> {
              events.add(event);
              sink.accept(event);
            });
    return new Outcome(events, ending);
  }

  private static BedrockClient client(URI uri) {
    return new BedrockClient(
        new Endpoint(uri, "eu-west-1"),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")));
  }

  private static Deadline deadline(Duration firstContent, Duration idle, Duration total) {
    Clock clock = Clock.systemUTC();
    return new Deadline(clock.millis() + total.toMillis(), firstContent, idle, clock);
  }

  /** A completion with its JSON texts parsed: their white space may differ between the wires. */
  private static List<Object> comparable(Outcome outcome) throws IOException {
    ChatCompletion completion = outcome.completion();
    List<Object> parts = new ArrayList<>();
    parts.add(completion.reasoning());
    parts.add(completion.finishReason());
    parts.add(completion.usage());
    parts.add(outcome.events().getLast());
    parts.add(tree(completion.text()).isPresent() ? tree(completion.text()) : completion.text());
    for (var call : completion.toolCalls()) {
      parts.addAll(List.of(call.id(), call.name(), tree(call.arguments()).orElseThrow()));
    }
    return parts;
  }

  private static Optional<JsonNode> tree(String text) throws IOException {
    return text.startsWith("{") ? Optional.of(MAPPER.readTree(text)) : Optional.empty();
  }

  private static void assertPrefix(List<ModelEvent> part, List<ModelEvent> whole) {
    assertThat(part).isEqualTo(whole.subList(0, part.size()));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
