package dev.weir.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.KeyOwner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizerHandlerTest {

  private static final ApiKey KEY = ApiKey.create(new Random(1));
  private static final String ARN =
      "arn:aws:execute-api:us-east-1:123456789012:abc/live/POST/v1/chat/completions";

  private final AuthorizerHandler handler =
      new AuthorizerHandler(
          key -> key.equals(KEY) ? Optional.of(new KeyOwner("acme", "k1")) : Optional.empty());

  @SuppressWarnings("NullAway") // the handler does not look at its context
  private JsonNode answer(String headers, String multiValueHeaders) throws IOException {
    String event =
        "{\"type\":\"REQUEST\",\"methodArn\":\"%s\",\"headers\":%s,\"multiValueHeaders\":%s}"
            .formatted(ARN, headers, multiValueHeaders);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, null);
    return new ObjectMapper().readTree(out.toByteArray());
  }

  private static String effect(JsonNode answer) {
    return answer.path("policyDocument").path("Statement").path(0).path("Effect").asText();
  }

  @Test
  void a_known_key_is_allowed_on_every_route_of_the_stage_with_its_tenant() throws IOException {
    JsonNode answer = answer("{\"authorization\":\"bearer %s \"}".formatted(KEY.reveal()), "null");

    assertThat(effect(answer)).isEqualTo("Allow");
    assertThat(answer.path("policyDocument").path("Statement").path(0).path("Resource").asText())
        .isEqualTo("arn:aws:execute-api:us-east-1:123456789012:abc/live/*");
    assertThat(answer.path("context").toString())
        .isEqualTo("{\"tenantId\":\"acme\",\"keyId\":\"k1\"}");
    assertThat(answer.path("principalId").asText()).isEqualTo("acme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "{\"Authorization\":\"\"}",
        "{\"Authorization\":\"Bearer \"}",
        "{\"Authorization\":\"Basic abc\"}",
        "{\"Authorization\":\"Bearer sk-something-else\"}",
        "{\"Authorization\":null}"
      })
  void what_is_no_key_is_denied_without_an_error(String headers) throws IOException {
    JsonNode answer = answer(headers, "null");

    assertThat(effect(answer)).isEqualTo("Deny");
    assertThat(answer.has("context")).isFalse();
  }

  @Test
  void an_unknown_key_is_denied() throws IOException {
    String other = ApiKey.create(new Random(2)).reveal();

    assertThat(effect(answer("{\"Authorization\":\"Bearer %s\"}".formatted(other), "null")))
        .isEqualTo("Deny");
  }

  @Test
  void two_authorization_headers_are_nobodys_key() throws IOException {
    String key = KEY.reveal();

    assertThat(
            effect(
                answer(
                    "{\"Authorization\":\"Bearer %s\"}".formatted(key),
                    "{\"Authorization\":[\"Bearer x\",\"Bearer %s\"]}".formatted(key))))
        .isEqualTo("Deny");
  }

  @Test
  void a_directory_that_cannot_be_read_is_an_error_and_never_an_allow() {
    AuthorizerHandler failing =
        new AuthorizerHandler(key -> {
          throw new IllegalStateException("no table");
        });
    String event =
        "{\"methodArn\":\"%s\",\"headers\":{\"Authorization\":\"Bearer %s\"}}"
            .formatted(ARN, KEY.reveal());

    assertThatThrownBy(() -> handle(failing, event)).isInstanceOf(IllegalStateException.class);
  }

  @SuppressWarnings("NullAway") // the handler does not look at its context
  private static void handle(AuthorizerHandler handler, String event) throws IOException {
    handler.handleRequest(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
        new ByteArrayOutputStream(),
        null);
  }
}
