package dev.weir.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests through the front to functions in their own processes, both kinds of runtime. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class GatewayTest {
  private final ObjectMapper json = new ObjectMapper();
  private final Stack stack;

  @TempDir Path signals = Path.of("");

  GatewayTest() throws IOException {
    stack = new Stack(Stack.options());
  }

  @BeforeAll
  void start() throws Exception {
    stack.post("/stream", "event");
  }

  @AfterAll
  void stop() throws IOException {
    stack.close();
  }

  @Test
  void an_unknown_route_is_answered_by_the_template() throws Exception {
    var response = stack.get("/nothing?x=1");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .isEqualTo("{\"error\":\"Missing Authentication Token\",\"path\":\"/nothing\"}");
    assertThat(response.headers().firstValue("x-retry")).hasValue("no");
    assertThat(response.headers().firstValue("x-request-id"))
        .isEqualTo(response.headers().firstValue("x-amzn-requestid"));
  }

  @Test
  void a_method_the_path_does_not_have_is_an_unknown_route() throws Exception {
    assertThat(stack.get("/stream").statusCode()).isEqualTo(404);
  }

  @Test
  void a_call_without_a_key_is_refused_by_the_template() throws Exception {
    var response = stack.get("/items/1");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).isEqualTo("{\"error\":\"no key\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "deny, 403, User is not authorized to access this resource",
    "unauthorized, 401, no key",
    "crash, 500, AUTHORIZER_FAILURE",
    "malformed, 500, AUTHORIZER_CONFIGURATION_ERROR"
  })
  void a_refusal_by_the_authorizer_is_answered_by_the_gateway(
      String key, int status, String message) throws Exception {
    var response = stack.send(stack.to("/items/1").header("Authorization", key));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(message);
  }

  @Test
  void the_authorizer_is_asked_once_per_key_and_its_context_reaches_the_function()
      throws Exception {
    var first = stack.send(stack.to("/items/1").header("Authorization", "allow1"));
    var second = stack.send(stack.to("/items/2").header("Authorization", "allow1"));
    var other = stack.send(stack.to("/items/2").header("Authorization", "allow2"));

    assertThat(asked(first.body())).isEqualTo(asked(second.body())).isLessThan(asked(other.body()));
    assertThat(json.readTree(first.body()).at("/requestContext/authorizer/tenantId").asText())
        .isEqualTo("t1");
  }

  private int asked(String event) throws IOException {
    return json.readTree(event).at("/requestContext/authorizer/asked").asInt();
  }

  @Test
  void the_event_is_a_proxy_event_of_version_1() throws Exception {
    var request =
        stack
            .to("/items/a%2Fb%20c?q=1&q=2&empty=")
            .header("Authorization", "allow")
            .header("X-Two", "a")
            .header("X-Two", "b");
    var event = json.readTree(stack.send(request).body());

    assertThat(event.at("/resource").asText()).isEqualTo("/items/{id}");
    assertThat(event.at("/path").asText()).isEqualTo("/items/a%2Fb%20c");
    assertThat(event.at("/httpMethod").asText()).isEqualTo("GET");
    assertThat(event.at("/pathParameters/id").asText()).isEqualTo("a/b c");
    assertThat(event.at("/queryStringParameters/q").asText()).isEqualTo("2");
    assertThat(event.at("/multiValueQueryStringParameters/q/0").asText()).isEqualTo("1");
    assertThat(event.at("/queryStringParameters/empty").asText()).isEmpty();
    assertThat(event.at("/headers/X-Two").asText()).isEqualTo("b");
    assertThat(event.at("/multiValueHeaders/X-Two/0").asText()).isEqualTo("a");
    assertThat(event.at("/requestContext/stage").asText()).isEqualTo("live");
    assertThat(event.at("/requestContext/requestId").asText()).hasSize(36);
    assertThat(event.at("/requestContext/identity/sourceIp").asText()).isEqualTo("127.0.0.1");
    assertThat(event.path("body").isNull()).isTrue();
    assertThat(event.path("isBase64Encoded").asBoolean()).isFalse();
  }

  @Test
  void a_binary_body_is_handed_over_in_base64() throws Exception {
    var request =
        stack
            .to("/open")
            .header("Content-Type", "image/png")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {(byte) 0x89, 'P'}));
    var event = json.readTree(stack.send(request).body());

    assertThat(event.path("body").binaryValue()).containsExactly(0x89, 'P');
    assertThat(event.path("isBase64Encoded").asBoolean()).isTrue();
  }

  @Test
  void a_buffered_result_carries_status_headers_and_body() throws Exception {
    var response = stack.post("/open", "grüße");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("x-greeting")).hasValue("hello");
    assertThat(response.headers().allValues("x-many")).isEqualTo(List.of("a", "b"));
    assertThat(json.readTree(response.body()).path("body").asText()).isEqualTo("grüße");
  }

  @ParameterizedTest
  @CsvSource({"/open, malformed", "/open, throw"})
  void a_function_without_a_proper_result_is_a_502(String path, String order) throws Exception {
    var response = stack.post(path, order);

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).isEqualTo("{\"error\":\"INTEGRATION_FAILURE\"}");
  }

  @Test
  void a_function_that_cannot_start_is_a_502() throws Exception {
    assertThat(stack.get("/broken").statusCode()).isEqualTo(502);
  }

  @Test
  void a_body_above_10_megabytes_is_refused() throws Exception {
    assertThat(stack.post("/open", "x".repeat((10 << 20) + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void an_event_above_what_lambda_takes_is_refused() throws Exception {
    // Quotes double inside the event.
    assertThat(stack.post("/open", "\"".repeat(4 << 20)).statusCode()).isEqualTo(413);
  }

  @Test
  void a_streamed_result_arrives_as_it_is_written() throws Exception {
    var signal = signals.resolve("gate");
    var request =
        stack.to("/stream").POST(HttpRequest.BodyPublishers.ofString("gate " + signal)).build();
    var response = stack.http().send(request, BodyHandlers.ofInputStream());

    assertThat(response.body().readNBytes(5)).isEqualTo("first".getBytes(UTF_8));
    Files.createFile(signal);
    assertThat(response.body().readAllBytes()).isEqualTo("last".getBytes(UTF_8));
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
  }

  @Test
  void a_failure_before_the_first_byte_is_a_500_with_an_openai_error() throws Exception {
    var response = stack.post("/stream", "fail");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(json.readTree(response.body()).at("/error/type").asText()).isEqualTo("server_error");
  }

  @Test
  void a_failure_after_the_first_byte_cuts_the_answer() {
    assertThatThrownBy(() -> stack.post("/stream", "fail-late")).isInstanceOf(IOException.class);
  }

  @Test
  void a_client_that_goes_away_is_noticed_by_the_handler() throws Exception {
    var gone = signals.resolve("gone");
    try (var socket = new Socket("127.0.0.1", stack.cloud.url().getPort())) {
      var body = "until-gone " + gone;
      var request =
          "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(body.length(), body);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    await().until(() -> Files.exists(gone));
  }

  @Test
  void an_answer_that_takes_longer_than_the_route_allows_is_a_504() throws Exception {
    var signal = signals.resolve("hasty");
    var response = stack.post("/hasty", "silent " + signal);
    Files.createFile(signal);

    assertThat(response.statusCode()).isEqualTo(504);
  }

  @Test
  void an_environment_is_free_again_after_each_kind_of_end() throws Exception {
    stack.post("/open", "x");
    stack.post("/stream", "event");
    assertThatThrownBy(() -> stack.post("/stream", "fail-late")).isInstanceOf(IOException.class);

    await().until(() -> stack.inFlight("StreamFunction") == 0);
    await().until(() -> stack.inFlight("PlainFunction") == 0);
  }
}
