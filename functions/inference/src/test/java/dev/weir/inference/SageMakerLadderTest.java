package dev.weir.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.inference.ScriptedModel.Script;
import dev.weir.inference.sagemaker.SageMakerClient;
import dev.weir.inference.sagemaker.TestClients;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.Fault.Kind;
import dev.weir.model.StopReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ladder of {@code docs/degradation.md} over endpoints of SageMaker, first and as stand-ins:
 * what is asked and what fails is on the wire, so an attempt no one counted would be seen.
 */
@Timeout(120)
class SageMakerLadderTest {

  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Set<String> SILENT = Set.of("hang", "slow first token", "silence");
  private static final String BEGIN = "{'choices':[{'delta':{'role':'assistant','content':''}}]}";
  private static final String WORD = "{'choices':[{'delta':{'content':'Hello'}}]}";
  private static final String STOP = "{'choices':[{'delta':{},'finish_reason':'stop'}]}";
  private static final String USAGE =
      "{'choices':[],'usage':{'prompt_tokens':20,'completion_tokens':7}}";
  private static final FakeUpstream.Script ANSWER =
      frames(TestClients.events(BEGIN, WORD, STOP, USAGE));

  private static final Map<String, Long> INPUT_PICO =
      Map.of(
          "sagemaker/own", 1_000_000L,
          "vendor.b", 1_000_000L,
          "sagemaker/shared/part", 1_100_000L,
          "vendor.s", 100_000L,
          "sagemaker/last", 100_000L);

  /** The chains of the test catalog's models. */
  private static final Map<String, List<String>> CHAINS =
      Map.of(
          "hosted", List.of("sagemaker/own", "sagemaker/shared/part", "vendor.s"),
          "backed", List.of("vendor.b", "sagemaker/shared/part", "sagemaker/last"));

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Set<String> failing = Set.of();
  private volatile FakeUpstream.Script failure = ANSWER;
  private final FakeUpstream endpoints = serving();
  private final SageMakerClient sageMaker = TestClients.chat(endpoints.uri());
  private TestStack stack = patient(AMPLE);

  private TestStack patient(Duration silence) {
    return new TestStack(
        () -> -1, scripted -> new RoutedModels(scripted, () -> sageMaker), silence);
  }

  /** Only where silence is the fault is it short: a busy machine is silent, too. */
  private void meets(String fault) {
    if (SILENT.contains(fault)) {
      stack = patient(SHORT);
    }
  }

  private FakeUpstream serving() {
    try {
      return new FakeUpstream(wire -> {
        String target = target(wire);
        asked.add(target);
        (failing.contains(target) ? failure : ANSWER).answer(wire);
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The catalog's only component is that of the endpoint {@code shared}. */
  private static String target(FakeUpstream.Wire wire) {
    String endpoint = wire.path().split("/")[2];
    return "sagemaker/" + (endpoint.equals("shared") ? "shared/part" : endpoint);
  }

  @AfterEach
  void close() throws IOException {
    sageMaker.close();
    endpoints.close();
  }

  private static FakeUpstream.Script frames(byte[]... frames) {
    return wire -> {
      wire.status(200);
      for (byte[] frame : frames) {
        wire.chunk(frame);
      }
      wire.end();
    };
  }

  private static FakeUpstream.Script status(int status, String name, String body) {
    return wire -> wire.json(status, body.replace('\'', '"'), "x-amzn-ErrorType: " + name);
  }

  private static FakeUpstream.Script container(int status) {
    return status(424, "ModelError", "{'OriginalStatusCode':" + status + "}");
  }

  private static FakeUpstream.Script stallsAfter(byte[] frame) {
    return wire -> {
      wire.status(200);
      wire.chunk(frame);
      wire.stall();
    };
  }

  private static byte[] broken() {
    byte[] frame = TestClients.events(BEGIN, WORD);
    frame[20] ^= 1;
    return frame;
  }

  /**
   * @param wire what an endpoint does
   * @param scripted the same of a target of Bedrock
   * @param status the last status when nothing else answers
   * @param ladders which targets of a chain are asked when the first 1, 2 and 3 have the fault
   */
  private record Row(
      FakeUpstream.Script wire,
      Script scripted,
      int status,
      boolean isCharged,
      List<List<Integer>> ladders) {

    static Row of(FakeUpstream.Script wire, Kind kind, int status, boolean isCharged) {
      boolean isRetried = Set.of(Kind.INTERNAL, Kind.UNAVAILABLE, Kind.RESET).contains(kind);
      return new Row(
          wire, ScriptedModel.fault(kind), status, isCharged, isRetried ? RETRIED : NEXT);
    }
  }

  private static final List<List<Integer>> RETRIED =
      List.of(List.of(0, 0, 1), List.of(0, 0, 1, 2), List.of(0, 0, 1, 2));
  private static final List<List<Integer>> NEXT =
      List.of(List.of(0, 1), List.of(0, 1, 2), List.of(0, 1, 2));
  private static final List<List<Integer>> EMPTIED =
      List.of(List.of(0, 1), List.of(0, 1, 2), List.of(0, 1, 2, 2));

  private static Map<String, Row> table() {
    return Map.ofEntries(
        Map.entry(
            "429", Row.of(status(429, "ThrottlingException", "{}"), Kind.THROTTLED, 429, false)),
        Map.entry("429 of the container", Row.of(container(429), Kind.THROTTLED, 429, false)),
        Map.entry(
            "overloaded",
            Row.of(
                frames(TestClients.events("{'error':'canary','error_type':'overloaded'}")),
                Kind.THROTTLED,
                429,
                false)),
        Map.entry("500", Row.of(status(500, "InternalFailure", "{}"), Kind.INTERNAL, 502, false)),
        Map.entry("500 of the container", Row.of(container(500), Kind.MODEL_ERROR, 502, true)),
        Map.entry(
            "503", Row.of(status(503, "ServiceUnavailable", "{}"), Kind.UNAVAILABLE, 503, false)),
        Map.entry("503 of the container", Row.of(container(503), Kind.UNAVAILABLE, 503, false)),
        Map.entry(
            "scaled to nothing",
            Row.of(
                status(400, "ValidationError", "{'Message':'Inference Component has no capacity'}"),
                Kind.NOT_READY,
                503,
                false)),
        Map.entry(
            "no such endpoint",
            Row.of(
                status(400, "ValidationError", "{'Message':'Endpoint x not found.'}"),
                Kind.NOT_FOUND,
                502,
                false)),
        Map.entry(
            "denied",
            Row.of(status(403, "AccessDeniedException", "{}"), Kind.ACCESS_DENIED, 502, false)),
        Map.entry(
            "the container's time is over", Row.of(container(0), Kind.MODEL_TIMEOUT, 504, true)),
        Map.entry("reset", Row.of(FakeUpstream.Wire::drop, Kind.RESET, 503, true)),
        Map.entry("hang", Row.of(FakeUpstream.Wire::stall, Kind.STALLED, 504, true)),
        Map.entry(
            "slow first token",
            Row.of(stallsAfter(TestClients.events(BEGIN)), Kind.STALLED, 504, true)),
        Map.entry("cut", Row.of(frames(TestClients.events(BEGIN)), Kind.CUT, 502, true)),
        Map.entry("broken frame", Row.of(frames(broken()), Kind.CUT, 502, true)),
        Map.entry(
            "exception frame",
            Row.of(frames(TestClients.exception("ModelStreamError")), Kind.MODEL_ERROR, 502, true)),
        Map.entry(
            "empty",
            new Row(
                frames(TestClients.events(BEGIN, STOP, USAGE)),
                ScriptedModel.text("", StopReason.END_TURN),
                502,
                true,
                EMPTIED)));
  }

  static Stream<Arguments> matrix() {
    return table().keySet().stream()
        .sorted()
        .flatMap(fault ->
            Stream.of("hosted", "backed")
                .flatMap(model ->
                    Stream.of(1, 2, 3)
                        .flatMap(count ->
                            Stream.of(false, true)
                                .map(stream -> Arguments.of(fault, model, count, stream)))));
  }

  private static String chat(String model, boolean stream) {
    return "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(model, stream);
  }

  private void fails(Row row, List<String> targets) {
    failing = Set.copyOf(targets);
    failure = row.wire();
    stack.model.says(call -> {
      asked.add(call.modelId());
      return failing.contains(call.modelId())
          ? row.scripted()
          : ScriptedModel.whole(ScriptedModel.HELLO);
    });
  }

  /** C34: wire attempts per client call never exceed what is configured. */
  @ParameterizedTest(name = "{0} at the first {2} of {1}, stream: {3}")
  @MethodSource("matrix")
  void each_fault_at_each_endpoint_leads_where_the_table_says(
      String fault, String model, int count, boolean stream) {
    meets(fault);
    Row row = table().getOrDefault(fault, table().values().iterator().next());
    List<String> chain = CHAINS.getOrDefault(model, List.of());
    fails(row, chain.subList(0, count));
    List<String> ladder = row.ladders().get(count - 1).stream().map(chain::get).toList();

    Client.Reply reply = stack.client("acme").post(chat(model, stream));

    boolean isAnswered = count < chain.size();
    assertThat(asked).isEqualTo(ladder).hasSizeLessThanOrEqualTo(4);
    assertThat(reply.header("x-weir-attempts")).isEqualTo(Integer.toString(ladder.size()));
    assertThat(reply.status).as(reply.text()).isEqualTo(isAnswered ? 200 : row.status());
    if (isAnswered) {
      assertThat(reply.header("x-weir-model")).isEqualTo(ladder.getLast());
      assertThat(reply.header("x-weir-degraded"))
          .isEqualTo(count == 1 ? "same-model" : "smaller-model");
      assertThat(reply.text()).contains("Hel").doesNotContain("error");
    } else {
      assertThat(reply.headers).doesNotContainKey("x-weir-degraded");
      assertThat(reply.text()).contains(chain).doesNotContain("canary");
    }
    if (Set.of(429, 503).contains(reply.status)) {
      assertThat(Long.parseLong(reply.header("retry-after"))).isPositive();
    }
    LadderBooks.assertBooked(stack, ladder, INPUT_PICO, row.isCharged(), isAnswered);
  }

  /** What may go wrong once content has come. */
  private static Map<String, FakeUpstream.Script> breaks() {
    return Map.of(
        "cut", frames(TestClients.events(BEGIN, WORD)),
        "silence", stallsAfter(TestClients.events(BEGIN, WORD)),
        "exception frame",
            frames(TestClients.events(BEGIN, WORD), TestClients.exception("InternalStreamFailure")),
        "error chunk", frames(TestClients.events(BEGIN, WORD, "{'error':'canary','code':500}")),
        "broken frame", frames(TestClients.events(BEGIN, WORD), broken()),
        "reset",
            wire -> {
              wire.status(200);
              wire.chunk(TestClients.events(BEGIN, WORD));
              wire.drop();
            });
  }

  static Stream<Arguments> breakings() {
    return breaks().keySet().stream()
        .sorted()
        .flatMap(way ->
            Stream.of("hosted", "backed")
                .flatMap(model ->
                    Stream.of(false, true).map(stream -> Arguments.of(way, model, stream))));
  }

  @ParameterizedTest(name = "{0} in the middle of {1}, stream: {2}")
  @MethodSource("breakings")
  void a_stream_that_breaks_says_so_and_a_whole_answer_is_taken_from_the_next(
      String way, String model, boolean stream) {
    meets(way);
    List<String> chain = CHAINS.getOrDefault(model, List.of());
    // Of a chain that begins at Bedrock, the first target refuses: the endpoint stands in.
    int broken = model.equals("hosted") ? 0 : 1;
    fails(
        new Row(
            breaks().getOrDefault(way, ANSWER),
            ScriptedModel.fault(Kind.THROTTLED),
            200,
            true,
            List.of()),
        chain.subList(0, broken + 1));

    Client.Reply reply = stack.client("acme").post(chat(model, stream));

    assertThat(asked.getFirst()).isEqualTo(chain.getFirst());
    assertThat(reply.status).isEqualTo(200);
    assertThat(reply.text()).doesNotContain("canary");
    if (stream) {
      assertThat(asked).isEqualTo(chain.subList(0, broken + 1));
      assertThat(reply.text()).contains("\"error\"").doesNotContain("[DONE]");
    } else {
      assertThat(asked.getLast()).isEqualTo(chain.get(broken + 1));
      assertThat(reply.header("x-weir-model")).isEqualTo(chain.get(broken + 1));
    }
    assertThat(stack.ledger.only().hops().get(broken).cost().picoUsd()).isPositive();
    assertThat(stack.limiter.settled).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hosted", "backed"})
  void an_endpoint_s_breaker_opens_and_it_is_asked_no_more(String model) {
    List<String> chain = CHAINS.getOrDefault(model, List.of());
    Row row = Row.of(container(507), Kind.UNAVAILABLE, 503, false);
    fails(row, chain);
    Client client = stack.client("acme");
    Client.Reply reply = client.post(chat(model, false));
    for (int call = 0; call < 8 && !reply.header("x-weir-attempts").equals("0"); call++) {
      reply = client.post(chat(model, false));
    }
    int attempts = asked.size();
    Map<String, Long> byTarget =
        asked.stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()));

    Client.Reply open = client.post(chat(model, true));

    assertThat(open.status).isEqualTo(503);
    assertThat(open.text()).contains("breaker open");
    assertThat(Long.parseLong(open.header("retry-after"))).isPositive();
    assertThat(asked).hasSize(attempts);
    // Five failures open a breaker; one more may be under way when they are counted.
    assertThat(byTarget.values()).allSatisfy(count -> assertThat(count).isBetween(5L, 6L));

    stack.later(Duration.ofMillis(Long.parseLong(open.header("retry-after-ms"))));
    failing = Set.of();
    assertThat(client.post(chat(model, false)).status).isEqualTo(200);
    assertThat(asked).hasSize(attempts + 1);
    assertThat(stack.logged()).contains("\"message\":\"breaker_closed\"");
  }

  @Test
  void a_call_that_the_container_finds_wrong_is_tried_nowhere_else() {
    fails(
        Row.of(container(422), Kind.INVALID, 400, false), CHAINS.getOrDefault("hosted", List.of()));

    for (int call : IntStream.range(0, 6).toArray()) {
      assertThat(stack.client("acme").post(chat("hosted", call % 2 == 0)).status).isEqualTo(400);
    }

    // Nor does it open a breaker.
    assertThat(asked).hasSize(6).containsOnly("sagemaker/own");
    assertThat(stack.ledger.rows).allSatisfy(row -> assertThat(row.cost().picoUsd()).isZero());
  }
}
