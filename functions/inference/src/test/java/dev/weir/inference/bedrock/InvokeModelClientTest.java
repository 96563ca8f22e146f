package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.api.EmbeddingRequest.InputType;
import dev.weir.http.Endpoint;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.model.EmbeddingCall;
import dev.weir.model.EmbeddingClient.Reply;
import dev.weir.model.Fault;
import dev.weir.route.Deadline;
import dev.weir.route.EmbeddingFamily;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

@Timeout(60)
class InvokeModelClientTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TITAN = "{\"embedding\":[0.25,-1e-3],\"inputTextTokenCount\":7}";

  private static EmbeddingCall call(EmbeddingFamily family, String... texts) {
    return new EmbeddingCall(
        "vendor.embed:0",
        family,
        List.of(texts),
        2,
        family.inputType().map(_ -> InputType.SEARCH_QUERY));
  }

  private static Reply embed(URI uri, EmbeddingCall call, Duration time) {
    Clock clock = Clock.systemUTC();
    try (InvokeModelClient client =
        new InvokeModelClient(new Endpoint(uri, "eu-west-1"), Asked.credentials())) {
      return client.embed(call, new Deadline(clock.millis() + time.toMillis(), time, time, clock));
    }
  }

  private static Reply of(FakeUpstream.Script script, EmbeddingCall call, Duration time)
      throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(script)) {
      Reply reply = embed(bedrock.uri(), call, time);
      assertThat(bedrock.seen()).as("attempts").hasSize(1);
      return reply;
    }
  }

  private static Reply of(FakeUpstream.Script script) throws IOException {
    return of(script, call(EmbeddingFamily.TITAN_V2, "a"), Asked.AMPLE);
  }

  private static Fault.Kind kind(Reply reply) {
    return ((Reply.Failed) reply).fault().kind();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TITAN_G1 | {\"inputText\":\"Grüß 😀\"}",
        "TITAN_V2 | {\"inputText\":\"Grüß 😀\",\"dimensions\":2,\"normalize\":true}",
        "COHERE_V3 | {\"texts\":[\"Grüß"
            + " 😀\"],\"input_type\":\"search_query\",\"truncate\":\"NONE\",\"embedding_types\":[\"float\"]}",
        "COHERE_V4 | {\"texts\":[\"Grüß"
            + " 😀\"],\"input_type\":\"search_query\",\"truncate\":\"NONE\",\"embedding_types\":[\"float\"],\"output_dimension\":2}"
      })
  void each_family_is_asked_in_its_own_shape_as_the_sdks_client_sends_it(
      EmbeddingFamily family, String body) throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, TITAN));
        BedrockRuntimeClient sdk =
            BedrockRuntimeClient.builder()
                .endpointOverride(bedrock.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(Asked.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
      embed(bedrock.uri(), call(family, "Grüß 😀"), Asked.AMPLE);
      sdk.invokeModel(request ->
          request
              .modelId("vendor.embed:0")
              .contentType("application/json")
              .accept("application/json")
              .body(SdkBytes.fromUtf8String(body)));

      FakeUpstream.Seen ours = bedrock.seen().getFirst();
      FakeUpstream.Seen theirs = bedrock.seen().getLast();
      assertThat(ours.path()).isEqualTo(theirs.path());
      assertThat(JSON.readTree(ours.body())).isEqualTo(JSON.readTree(theirs.body()));
      for (String header : List.of("content-type", "accept")) {
        assertThat(ours.headers().get(header)).isEqualTo(theirs.headers().get(header));
      }
      assertThat(ours.headers().getOrDefault("authorization", ""))
          .contains("/eu-west-1/bedrock/aws4_request");
    }
  }

  @Test
  void titans_reply_is_its_vector_and_its_count() throws IOException {
    Reply.Vectors vectors = (Reply.Vectors) of(wire -> wire.json(200, TITAN));

    assertThat(vectors.vectors()).hasSize(1);
    assertThat(vectors.vectors().getFirst()).containsExactly(0.25f, -1e-3f);
    assertThat(vectors.tokens()).hasValue(7);
  }

  @Test
  void coheres_reply_is_its_vectors_and_the_count_of_its_header() throws IOException {
    String body =
        "{\"embeddings\":{\"float\":[[1,2],[3,4]]},\"response_type\":\"embeddings_by_type\"}";
    EmbeddingCall call = call(EmbeddingFamily.COHERE_V3, "a", "b");

    Reply.Vectors counted =
        (Reply.Vectors)
            of(
                wire -> wire.json(200, body, "X-Amzn-Bedrock-Input-Token-Count: 11"),
                call,
                Asked.AMPLE);
    Reply.Vectors uncounted = (Reply.Vectors) of(wire -> wire.json(200, body), call, Asked.AMPLE);

    assertThat(counted.vectors().get(1)).containsExactly(3, 4);
    assertThat(counted.tokens()).hasValue(11);
    assertThat(uncounted.tokens()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"embedding\":[]}",
        "{\"embedding\":[1]}",
        "{\"embedding\":[1,2,3]}",
        "{\"embedding\":{\"float\":[1,2]}}"
      })
  void a_reply_without_the_vectors_asked_for_is_empty(String body) throws IOException {
    assertThat(kind(of(wire -> wire.json(200, body)))).isEqualTo(Fault.Kind.EMPTY);
  }

  @Test
  void a_batch_with_a_vector_too_few_is_empty() throws IOException {
    assertThat(
            kind(
                of(
                    wire -> wire.json(200, "{\"embeddings\":{\"float\":[[1,2]]}}"),
                    call(EmbeddingFamily.COHERE_V4, "a", "b"),
                    Asked.AMPLE)))
        .isEqualTo(Fault.Kind.EMPTY);
  }

  @Test
  void an_error_is_told_by_its_name_with_its_wait() throws IOException {
    Reply reply =
        of(wire ->
            wire.json(
                429,
                "{\"message\":\"text\"}",
                "x-amzn-errortype: ThrottlingException:http",
                "retry-after: 3"));

    assertThat(reply)
        .isEqualTo(
            new Reply.Failed(
                new Fault(
                    Fault.Kind.THROTTLED,
                    "ThrottlingException",
                    Optional.of(Duration.ofSeconds(3)))));
  }

  @Test
  void whatever_breaks_is_told_apart_and_ends_in_time() throws IOException {
    assertThat(kind(of(wire -> wire.json(200, "no json")))).isEqualTo(Fault.Kind.CUT);
    assertThat(kind(of(FakeUpstream.Wire::drop))).isEqualTo(Fault.Kind.RESET);
    assertThat(
            kind(
                of(wire -> {
                  wire.status(200);
                  wire.chunk("{\"embedding\":".getBytes(StandardCharsets.UTF_8));
                  wire.drop();
                })))
        .isEqualTo(Fault.Kind.CUT);
    assertThat(
            kind(
                of(
                    FakeUpstream.Wire::stall,
                    call(EmbeddingFamily.TITAN_G1, "a"),
                    Duration.ofMillis(300))))
        .isEqualTo(Fault.Kind.DEADLINE);
    assertThat(
            kind(
                embed(
                    URI.create("http://127.0.0.1:1"),
                    call(EmbeddingFamily.TITAN_G1, "a"),
                    Asked.AMPLE)))
        .isEqualTo(Fault.Kind.CONNECTION);
  }
}
