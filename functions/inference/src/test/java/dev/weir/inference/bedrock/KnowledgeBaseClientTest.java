package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.http.Endpoint;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.ledger.Cost;
import dev.weir.retrieval.KnowledgeBase;
import dev.weir.retrieval.KnowledgeBase.Permission;
import dev.weir.retrieval.Passage;
import dev.weir.retrieval.Retriever.Found;
import dev.weir.route.CircuitBreaker;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.FilterAttribute;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalFilter;

@Timeout(60)
class KnowledgeBaseClientTest {

  private static final String NOTHING = "{\"retrievalResults\":[]}";

  private static KnowledgeBase base(Optional<Permission> permission) {
    return new KnowledgeBase(
        "KB12345678", 7, 0, 100, Duration.ofSeconds(1), false, permission, Cost.ZERO);
  }

  private static Found ask(URI uri, Optional<Permission> permission, Duration timeout) {
    try (KnowledgeBaseClient client =
        new KnowledgeBaseClient(new Endpoint(uri, "eu-west-1"), Asked.credentials())) {
      return client.retrieve(base(permission), "Grüß 😀?", "acme", timeout);
    }
  }

  private static Found of(FakeUpstream.Script script, Duration timeout) throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(script)) {
      Found found = ask(bedrock.uri(), Optional.empty(), timeout);
      assertThat(bedrock.seen()).as("attempts").hasSize(1);
      return found;
    }
  }

  private static Found reply(String json) throws IOException {
    return of(wire -> wire.json(200, json), Asked.AMPLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "public"})
  void it_asks_as_the_sdks_own_client_does(String everyone) throws IOException {
    Optional<String> shared = Optional.of(everyone).filter(value -> !value.isEmpty());
    RetrievalFilter filter =
        shared.isPresent()
            ? RetrievalFilter.fromIn(
                attribute(
                    Document.fromList(
                        List.of(Document.fromString("acme"), Document.fromString("public")))))
            : RetrievalFilter.fromEqualsValue(attribute(Document.fromString("acme")));
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, NOTHING));
        BedrockAgentRuntimeClient sdk =
            BedrockAgentRuntimeClient.builder()
                .endpointOverride(bedrock.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(Asked.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
      ask(bedrock.uri(), Optional.of(new Permission("owner", shared)), Asked.AMPLE);
      sdk.retrieve(ask ->
          ask.knowledgeBaseId("KB12345678")
              .retrievalQuery(query -> query.text("Grüß 😀?"))
              .retrievalConfiguration(configuration ->
                  configuration.vectorSearchConfiguration(
                      search -> search.numberOfResults(7).filter(filter))));

      FakeUpstream.Seen ours = bedrock.seen().getFirst();
      FakeUpstream.Seen theirs = bedrock.seen().getLast();
      assertThat(ours.path())
          .isEqualTo(theirs.path())
          .isEqualTo("/knowledgebases/KB12345678/retrieve");
      ObjectMapper json = new ObjectMapper();
      assertThat(json.readTree(ours.body())).isEqualTo(json.readTree(theirs.body()));
      assertThat(ours.headers().getOrDefault("authorization", ""))
          .contains("/eu-west-1/bedrock/aws4_request");
    }
  }

  private static FilterAttribute attribute(Document value) {
    return FilterAttribute.builder().key("owner").value(value).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"S3\",\"s3Location\":{\"uri\":\"s3://d/1\"}}|s3://d/1",
        "{\"type\":\"WEB\",\"webLocation\":{\"url\":\"https://d/1\"}}|https://d/1",
        "{\"type\":\"CUSTOM\",\"customDocumentLocation\":{\"id\":\"d1\"}}|d1",
        "{\"type\":\"LATER\"}|LATER",
        "{}|unknown"
      })
  void a_document_is_named_by_its_address_wherever_it_lies(String location, String name)
      throws IOException {
    assertThat(
            reply(
                "{\"retrievalResults\":[{\"content\":{\"text\":\"t\"},\"location\":%s,\"score\":0.5}]}"
                    .formatted(location)))
        .isEqualTo(new Found.Passages(List.of(new Passage(name, "t", 0.5))));
  }

  @ParameterizedTest
  @CsvSource({
    "400, ValidationException, 0",
    "403, AccessDeniedException, 0",
    "404, ResourceNotFoundException, 0",
    "424, DependencyFailedException, 2",
    "429, ThrottlingException, 1",
    "500, InternalServerException, 2",
    "502, BadGatewayException, 2"
  })
  void an_error_is_named_and_was_not_run(int status, String name, int points) throws IOException {
    assertThat(
            of(
                wire -> wire.json(status, "{\"message\":\"text\"}", "x-amzn-errortype: " + name),
                Asked.AMPLE))
        .isEqualTo(new Found.Failed(name, false, points));
  }

  @Test
  void what_nobody_answered_may_have_run_and_what_nobody_heard_has_not() throws IOException {
    assertThat(of(FakeUpstream.Wire::stall, Duration.ofMillis(300)))
        .isEqualTo(new Found.Failed("Timeout", true, CircuitBreaker.FULL));
    assertThat(of(FakeUpstream.Wire::drop, Asked.AMPLE))
        .isInstanceOfSatisfying(Found.Failed.class, failed -> assertThat(failed.hasRun()).isTrue());
    assertThat(ask(URI.create("http://127.0.0.1:1"), Optional.empty(), Asked.AMPLE))
        .isInstanceOfSatisfying(
            Found.Failed.class, failed -> assertThat(failed.hasRun()).isFalse());
  }

  @Test
  void a_reply_that_is_none_is_no_find() throws IOException {
    assertThat(reply("{}")).isEqualTo(new Found.Failed("NoResults", true, CircuitBreaker.FULL));
    assertThat(reply("no json")).isEqualTo(new Found.Failed("NoJson", true, CircuitBreaker.FULL));
    assertThat(reply(NOTHING)).isEqualTo(new Found.Passages(List.of()));
  }
}
