package dev.weir.inference.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.guard.Direction;
import dev.weir.guard.Guardrail.Assessment;
import dev.weir.guard.GuardrailRef;
import dev.weir.guard.Masks;
import dev.weir.http.Endpoint;
import dev.weir.inference.upstream.FakeUpstream;
import dev.weir.ledger.TextUnits;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentBlock;

@Timeout(60)
class GuardrailClientTest {

  private static final String USAGE =
      "\"usage\":{\"topicPolicyUnits\":1,\"contentPolicyUnits\":2,\"wordPolicyUnits\":3,"
          + "\"sensitiveInformationPolicyUnits\":4,\"sensitiveInformationPolicyFreeUnits\":5,"
          + "\"contextualGroundingPolicyUnits\":6}";
  private static final TextUnits UNITS = new TextUnits(2, 1, 4, 6);
  private static final String CLEAN = "{\"action\":\"NONE\",\"outputs\":[]," + USAGE + "}";
  private static final GuardrailRef REF = new GuardrailRef("abc", "3");

  private static Assessment apply(URI uri, Duration timeout) {
    try (GuardrailClient client =
        new GuardrailClient(new Endpoint(uri, "eu-west-1"), Asked.credentials())) {
      return client.apply(REF, Direction.OUTPUT, List.of("one", "Grüß 😀"), timeout);
    }
  }

  private static Assessment of(FakeUpstream.Script script, Duration timeout) throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(script)) {
      Assessment assessment = apply(bedrock.uri(), timeout);
      assertThat(bedrock.seen()).as("attempts").hasSize(1);
      return assessment;
    }
  }

  private static Assessment reply(String json) throws IOException {
    return of(wire -> wire.json(200, json), Asked.AMPLE);
  }

  private static String intervened(String assessment) {
    return "{\"action\":\"GUARDRAIL_INTERVENED\",\"outputs\":[{\"text\":\"x\"}],\"assessments\":[%s],%s}"
        .formatted(assessment, USAGE);
  }

  @Test
  void it_asks_as_the_sdks_own_client_does() throws IOException {
    try (FakeUpstream bedrock = new FakeUpstream(wire -> wire.json(200, CLEAN));
        BedrockRuntimeClient sdk =
            BedrockRuntimeClient.builder()
                .endpointOverride(bedrock.uri())
                .region(Region.EU_WEST_1)
                .credentialsProvider(Asked.credentials())
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
      apply(bedrock.uri(), Asked.AMPLE);
      sdk.applyGuardrail(ask ->
          ask.guardrailIdentifier("abc")
              .guardrailVersion("3")
              .source("OUTPUT")
              .content(
                  GuardrailContentBlock.fromText(text -> text.text("one")),
                  GuardrailContentBlock.fromText(text -> text.text("Grüß 😀"))));

      FakeUpstream.Seen ours = bedrock.seen().getFirst();
      FakeUpstream.Seen theirs = bedrock.seen().getLast();
      assertThat(ours.path()).isEqualTo(theirs.path()).isEqualTo("/guardrail/abc/version/3/apply");
      ObjectMapper json = new ObjectMapper();
      assertThat(json.readTree(ours.body())).isEqualTo(json.readTree(theirs.body()));
      assertThat(ours.headers().getOrDefault("authorization", ""))
          .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
          .contains("/eu-west-1/bedrock/aws4_request");
    }
  }

  @Test
  void a_clean_text_costs_what_the_guardrail_reports() throws IOException {
    assertThat(reply(CLEAN)).isEqualTo(new Assessment.Clean(UNITS));
  }

  @Test
  void what_is_anonymized_is_masked_by_its_type() throws IOException {
    assertThat(
            reply(
                intervened(
                    "{\"sensitiveInformationPolicy\":{\"piiEntities\":[{\"match\":\"Jane\","
                        + "\"type\":\"NAME\",\"action\":\"ANONYMIZED\"}],\"regexes\":[{\"match\":\"T-1\","
                        + "\"name\":\"ticket\",\"action\":\"ANONYMIZED\"}]}}")))
        .isEqualTo(
            new Assessment.Sensitive(
                new Masks(Map.of("Jane", "{NAME}", "T-1", "{ticket}")), UNITS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"contentPolicy\":{\"filters\":[{\"type\":\"HATE\",\"action\":\"BLOCKED\"}]}}",
        "{\"sensitiveInformationPolicy\":{\"piiEntities\":[{\"match\":\"Jane\",\"type\":\"NAME\",\"action\":\"ANONYMIZED\"},{\"match\":\"x\",\"type\":\"PIN\",\"action\":\"BLOCKED\"}],\"regexes\":[]}}",
        "{\"laterPolicy\":{\"findings\":[{\"action\":\"WHATEVER\"}]}}",
        "{}"
      })
  void any_other_intervention_is_a_refusal(String assessment) throws IOException {
    assertThat(reply(intervened(assessment))).isEqualTo(new Assessment.Refused(UNITS));
  }

  @Test
  void an_error_is_named_and_nothing_of_its_message_is_kept() throws IOException {
    assertThat(
            of(
                wire ->
                    wire.json(
                        429,
                        "{\"message\":\"text\"}",
                        "x-amzn-errortype: ThrottlingException:http"),
                Asked.AMPLE))
        .isEqualTo(new Assessment.Failed("ThrottlingException"));
  }

  @Test
  void a_reply_without_a_verdict_is_no_verdict() throws IOException {
    assertThat(reply("{}")).isEqualTo(new Assessment.Failed("NoVerdict"));
    assertThat(reply("no json")).isInstanceOf(Assessment.Failed.class);
  }

  @Test
  void a_guardrail_that_hangs_or_is_gone_fails_in_time() throws IOException {
    assertThat(of(FakeUpstream.Wire::stall, Duration.ofMillis(300)))
        .isEqualTo(new Assessment.Failed("Timeout"));
    assertThat(of(FakeUpstream.Wire::drop, Asked.AMPLE)).isInstanceOf(Assessment.Failed.class);
    assertThat(apply(URI.create("http://127.0.0.1:1"), Asked.AMPLE))
        .isInstanceOf(Assessment.Failed.class);
  }
}
