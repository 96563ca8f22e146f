package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import dev.weir.e2e.Stack.Said;
import dev.weir.http.Signing;
import dev.weir.tenant.EstimateMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** What an operator does by the admin routes of the real template, and what clients see of it. */
class AdminIT extends OnStack {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HELLO =
      "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What the admin routes answered. */
  private record Answer(int status, JsonNode body) {}

  AdminIT() throws IOException {
    super(
        Stack.start(
            "admin",
            Map.of("RequestSeconds", "60", "SwitchOffRules", "weir-prod-spend=door:nothing")));
  }

  @Test
  void the_command_line_knows_the_routes_in_any_folder() throws Exception {
    Said routes = stack.weir("routes");

    assertThat(routes.status()).isZero();
    assertThat(routes.out()).contains("scripted ", "local.scripted");
  }

  @Test
  void what_nothing_would_be_captured_of_is_not_said_to_be() {
    stack.directory().create("uncaptured", Stack.unlimited(), EstimateMode.TOKENS);

    Answer answer = ask("PATCH", "tenants/uncaptured", "{\"captureDays\":2}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().at("/error/code").asText()).isEqualTo("capture_off");
  }

  private Answer ask(String method, String path, String body) {
    return ask("local", method, path, body);
  }

  private Answer ask(String secret, String method, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    URI url = stack.cloud().url().resolve("/admin/v1/" + path);
    SdkHttpRequest signed =
        new Signing(
                "execute-api",
                "us-east-1",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", secret)))
            .sign(
                SdkHttpRequest.builder()
                    .method(SdkHttpMethod.fromValue(method))
                    .uri(url)
                    .putHeader("Content-Type", "application/json")
                    .build(),
                bytes)
            .httpRequest();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.getUri())
            .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
    signed.forEachHeader((name, values) -> {
      if (!List.of("host", "content-length").contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> request.header(name, value));
      }
    });
    return send(request);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(reply.statusCode(), JSON.readTree(reply.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Caller caller(String tenant, String limits) {
    assertThat(
            ask("POST", "tenants", "{\"id\":\"%s\",\"limits\":%s}".formatted(tenant, limits))
                .status())
        .isEqualTo(201);
    JsonNode key = ask("POST", "tenants/" + tenant + "/keys", "{}").body();
    return new Caller(tenant, key.path("id").asText(), key.path("key").asText());
  }

  @Test
  void a_tenant_lives_by_the_admin_routes_alone() {
    Caller caller = caller("acme", "{\"requestsPerMinute\":2}");
    assertThat(stack.chat(caller, HELLO).status()).isEqualTo(200);

    assertThat(ask("PATCH", "tenants/acme", "{\"limits\":{\"requestsPerMinute\":1}}").status())
        .isEqualTo(200);
    Reply limited = stack.chat(caller, HELLO);
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.code()).isEqualTo("rate_limit_exceeded");

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            ask("GET", "tenants/acme/usage?by=day", "").body().at("/total/calls").asInt() == 1);
    JsonNode usage = ask("GET", "tenants/acme/usage", "").body();
    assertThat(usage.at("/lines/0/name").asText()).isEqualTo("scripted");
    assertThat(usage.at("/total/usd").asText())
        .isEqualTo(
            new BigDecimal(Stack.text(stack.ledger(caller).getFirst(), "costPicoUsd"))
                .movePointLeft(12)
                .toPlainString());
    JsonNode asked = ask("GET", "capacity?days=1", "").body().at("/targets/0");
    assertThat(asked.path("target").asText()).isEqualTo("local.scripted");
    assertThat(asked.at("/requestsPerMinute/quota").asLong()).isEqualTo(600);
    assertThat(asked.at("/tokensPerMinute/peak").asLong()).isPositive();
    assertThat(asked.at("/provisioned/unitUsdPerMonth").asText()).isEqualTo("182.500000");
    assertThat(ask("GET", "tenants", "").body().path("tenants").toString()).contains("acme");

    JsonNode audit = ask("GET", "tenants/acme/audit", "").body();
    assertThat(audit.path("flaw").isNull()).isTrue();
    // The tenant, its key twice, its call and the changed limit.
    assertThat(audit.path("entries").asInt()).isGreaterThanOrEqualTo(5);

    assertThat(ask("DELETE", "tenants/acme/keys/" + caller.keyId(), "").status()).isEqualTo(204);
    // For a second, calls over the request limit are refused without asking anybody.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> stack.chat(caller, HELLO).code().equals("invalid_api_key"));
  }

  @Test
  void a_switch_thrown_by_a_route_ends_a_running_stream() throws Exception {
    Caller caller = caller("streamer", "{}");
    stack.bedrock("POST", "pace", "{\"tokensPerSecond\":2}");
    String asking =
        "{\"model\":\"scripted\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted("word ".repeat(200));
    CompletableFuture<List<String>> stream =
        CompletableFuture.supplyAsync(() -> {
          try (Stream<String> lines = stack.open(caller, asking)) {
            return lines.toList();
          }
        });
    await().atMost(Duration.ofSeconds(20)).until(() -> stack.bedrockCount("started") == 1);

    long from = System.nanoTime();
    assertThat(ask("PUT", "switches/tenant:streamer", "{\"why\":\"a drill\"}").status())
        .isEqualTo(204);
    assertThat(stream.get()).anyMatch(line -> line.contains("switched_off"));
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));

    assertThat(ask("GET", "switches", "").body().at("/off/0/by").asText())
        .isEqualTo("arn:aws:iam::000000000000:user/local");
    assertThat(ask("DELETE", "switches/tenant:streamer", "").status()).isEqualTo(204);
    assertThat(ask("GET", "switches", "").body().path("off")).isEmpty();
  }

  @Test
  void an_alarm_turns_off_what_is_declared_for_it_without_an_operator() throws IOException {
    String alarm = Files.readString(Path.of("../../events/alarm.json"));
    Answer invoked =
        send(
            HttpRequest.newBuilder(
                    stack.cloud().url().resolve("/_local/functions/SwitchOffFunction"))
                .POST(HttpRequest.BodyPublishers.ofString(alarm)));
    assertThat(invoked.status()).isEqualTo(200);

    assertThat(ask("GET", "switches", "").body().at("/off/0/switch").asText())
        .isEqualTo("door:nothing");
    ask("DELETE", "switches/door:nothing", "");
  }

  @Test
  void a_budget_used_to_its_marks_is_announced_once_each() {
    Caller caller = caller("spender", "{\"dayMicroUsd\":400}");
    String small = HELLO.replace("{\"model\"", "{\"max_tokens\":16,\"model\"");
    AtomicInteger calls = new AtomicInteger();
    // A refusal that finds earlier calls not yet settled is not the last word.
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          boolean isAnswered = stack.chat(caller, small).status() == 200;
          calls.addAndGet(isAnswered ? 1 : 0);
          return !isAnswered;
        });
    assertThat(calls).hasValueGreaterThan(10);

    for (int i = 0; i < 2; i++) {
      assertThat(
              send(HttpRequest.newBuilder(
                          stack.cloud().url().resolve("/_local/functions/NoticesFunction"))
                      .POST(HttpRequest.BodyPublishers.ofString("{}")))
                  .status())
          .isEqualTo(200);
    }
    List<String> events =
        stack.logs().lines().filter(line -> line.startsWith("AWSEvents.PutEvents")).toList();
    assertThat(events).isNotEmpty().allMatch(line -> line.contains("spender#"));
    assertThat(events).doesNotHaveDuplicates();
    assertThat(stack.logs().lines().filter(line -> line.startsWith("SNS.Publish")))
        .hasSameSizeAs(events);
  }

  @Test
  void the_parameter_is_a_second_lever_that_needs_no_table() {
    Caller caller = caller("levered", "{}");
    assertThat(stack.chat(caller, HELLO).status()).isEqualTo(200);

    lever("tenant:levered");
    await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> stack.chat(caller, HELLO).code().equals("switched_off"));
    lever("none");
    await().atMost(Duration.ofSeconds(15)).until(() -> stack.chat(caller, HELLO).status() == 200);
  }

  private void lever(String value) {
    Answer put =
        send(
            HttpRequest.newBuilder(stack.cloud().parameterStore())
                .header("X-Amz-Target", "AmazonSSM.PutParameter")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"Name\":\"SwitchParameter\",\"Value\":\"%s\"}".formatted(value))));
    assertThat(put.status()).isEqualTo(200);
  }

  @Test
  void who_has_not_signed_or_signed_wrongly_is_nobody() {
    Answer unsigned =
        send(HttpRequest.newBuilder(stack.cloud().url().resolve("/admin/v1/tenants")));
    assertThat(unsigned.status()).isEqualTo(404);

    Answer wrong = ask("wrong", "PUT", "switches/all", "{\"why\":\"x\"}");
    assertThat(wrong.status()).isEqualTo(403);
    assertThat(wrong.body().at("/error/code").asText()).isEqualTo("invalid_signature");
    assertThat(stack.switches().off()).isEmpty();
  }

  @Test
  void what_is_wrong_is_refused_with_what_is_allowed() {
    Answer refused = ask("POST", "tenants", "{\"id\":\"x\",\"guard\":\"lax\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().at("/error/param").asText()).isEqualTo("guard");
    assertThat(refused.body().at("/error/message").asText()).contains("one of none, baseline");
    assertThat(ask("GET", "tenants/nobody", "").status()).isEqualTo(404);
  }
}
