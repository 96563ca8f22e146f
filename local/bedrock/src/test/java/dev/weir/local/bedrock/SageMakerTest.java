package dev.weir.local.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointRequest;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointWithResponseStreamResponseHandler;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelStreamErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.PayloadPart;
import software.amazon.awssdk.services.sagemakerruntime.model.SageMakerRuntimeException;
import software.amazon.awssdk.services.sagemakerruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.sagemakerruntime.model.ValidationErrorException;

/** SageMaker Runtime's operations as the unmodified SDK clients meet them. */
final class SageMakerTest {
  private static final String CHAT =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Grüß dich 😀\"}]%s}";
  private static final String STREAM =
      CHAT.formatted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");

  private static Stage stage;
  private static SageMakerRuntimeClient sync;
  private static SageMakerRuntimeAsyncClient async;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open();
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("AK", "secret"));
    sync =
        SageMakerRuntimeClient.builder()
            .endpointOverride(stage.address)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .httpClient(UrlConnectionHttpClient.builder().build())
            .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    async =
        SageMakerRuntimeAsyncClient.builder()
            .endpointOverride(stage.address)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .httpClient(
                NettyNioAsyncHttpClient.builder().readTimeout(Duration.ofMinutes(1)).build())
            .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
  }

  @AfterEach
  void reset() throws Exception {
    stage.control("DELETE", "sagemaker/faults", "");
    stage.control("DELETE", "sagemaker/calls", "");
    stage.reset();
  }

  @AfterAll
  static void close() throws Exception {
    sync.close();
    async.close();
    stage.close();
  }

  private static InvokeEndpointResponse invoke(Consumer<InvokeEndpointRequest.Builder> request) {
    return sync.invokeEndpoint(builder -> {
      builder.endpointName("echo").contentType("text/plain").body(SdkBytes.fromUtf8String("hello"));
      request.accept(builder);
    });
  }

  private record Streamed(List<byte[]> parts, Throwable failure) {
    String text() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      parts.forEach(all::writeBytes);
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private static Streamed stream(String endpoint, String body) throws Exception {
    List<byte[]> parts = Collections.synchronizedList(new ArrayList<>());
    var handler =
        InvokeEndpointWithResponseStreamResponseHandler.builder()
            .subscriber(event -> {
              if (event instanceof PayloadPart part) {
                parts.add(part.bytes().asByteArray());
              }
            })
            .build();
    var end =
        async.invokeEndpointWithResponseStream(
            request ->
                request
                    .endpointName(endpoint)
                    .contentType("application/json")
                    .body(SdkBytes.fromUtf8String(body)),
            handler);
    Throwable failure =
        end.handle((_, thrown) -> thrown == null ? new AssertionError("none") : thrown.getCause())
            .get(1, TimeUnit.MINUTES);
    return new Streamed(List.copyOf(parts), failure);
  }

  @Test
  void a_body_of_any_bytes_comes_back_with_its_type() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }

    var response =
        invoke(request ->
            request
                .contentType("application/x-npy")
                .body(SdkBytes.fromByteArray(bytes))
                .targetVariant("Canary")
                .targetModel("a/model.tar.gz")
                .sessionId("NEW_SESSION"));

    assertThat(response.body().asByteArray()).isEqualTo(bytes);
    assertThat(response.contentType()).isEqualTo("application/x-npy");
    assertThat(response.invokedProductionVariant()).isEqualTo("Canary");
    assertThat(response.customAttributes()).isEqualTo("a/model.tar.gz");
    assertThat(response.newSessionId()).startsWith("session-1; Expires=");
  }

  @Test
  void a_chat_completion_is_whole_or_streamed_in_pieces_cut_anywhere() throws Exception {
    JsonNode whole =
        Json.read(
            invoke(request ->
                    request
                        .endpointName("weir-shared-chat")
                        .inferenceComponentName("scripted")
                        .body(SdkBytes.fromUtf8String(CHAT.formatted(""))))
                .body()
                .asByteArray());
    Streamed streamed = stream("scripted-chat", STREAM);

    assertThat(whole.at("/choices/0/message/content").asText())
        .isEqualTo("Scripted answer: Grüß dich 😀");
    assertThat(whole.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(streamed.parts()).hasSizeGreaterThan(10);
    assertThat(streamed.text()).endsWith("data: [DONE]\n\n").contains("\"prompt_tokens\":3");
    StringBuilder text = new StringBuilder();
    for (String line : streamed.text().split("\n\n")) {
      if (!line.contains("[DONE]")) {
        text.append(Json.read(line.substring(6)).at("/choices/0/delta/content").asText());
      }
    }
    assertThat(text.toString()).isEqualTo("Scripted answer: Grüß dich 😀");
  }

  @Test
  void tools_are_called_and_their_results_read() throws Exception {
    String tool =
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\","
            + "\"properties\":{\"q\":{\"type\":\"string\"}},\"required\":[\"q\"]}}}";
    String asked =
        "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\","
            + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"},{\"type\":\"image_url\","
            + "\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]}%s],"
            + "\"tools\":["
            + tool
            + "],\"max_tokens\":50,\"stop\":[\"zz\"],\"temperature\":1.5}";
    Consumer<InvokeEndpointRequest.Builder> chat = request -> request.endpointName("scripted-chat");
    JsonNode called =
        Json.read(
            invoke(chat.andThen(r -> r.body(SdkBytes.fromUtf8String(asked.formatted("")))))
                .body()
                .asByteArray());
    JsonNode call = called.at("/choices/0/message/tool_calls/0");
    String results =
        ",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[%s]},{\"role\":\"tool\","
                .formatted(call)
            + "\"tool_call_id\":\""
            + call.path("id").asText()
            + "\",\"content\":\"42\"}";
    JsonNode answered =
        Json.read(
            invoke(chat.andThen(r -> r.body(SdkBytes.fromUtf8String(asked.formatted(results)))))
                .body()
                .asByteArray());

    assertThat(called.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(Json.read(call.at("/function/arguments").asText()).has("q")).isTrue();
    assertThat(answered.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void what_does_not_exist_or_is_wrong_is_a_validation_error() {
    for (Consumer<InvokeEndpointRequest.Builder> wrong :
        List.<Consumer<InvokeEndpointRequest.Builder>>of(
            request -> request.endpointName("none"),
            request -> request.endpointName("weir-shared-chat"),
            request -> request.inferenceComponentName("none"),
            request -> request.targetVariant("None"),
            request -> request.sessionId("no_session"))) {
      assertThatThrownBy(() -> invoke(wrong)).isInstanceOf(ValidationErrorException.class);
    }
    assertThat(
            catchThrowableOfType(
                    ModelErrorException.class,
                    () -> invoke(request -> request.endpointName("scripted-chat")))
                .originalStatusCode())
        .isEqualTo(400);
  }

  @Test
  void faults_are_sage_makers_own() throws Exception {
    stage.control(
        "POST",
        "sagemaker/faults",
        "{\"kind\":\"status\",\"status\":424,\"originalStatus\":503,\"times\":1}");
    assertThat(
            catchThrowableOfType(ModelErrorException.class, () -> invoke(request -> {}))
                .originalStatusCode())
        .isEqualTo(503);
    stage.control("POST", "sagemaker/faults", "{\"kind\":\"status\",\"status\":503,\"times\":1}");
    assertThatThrownBy(() -> invoke(request -> {})).isInstanceOf(ServiceUnavailableException.class);
    stage.control(
        "POST",
        "sagemaker/faults",
        "{\"kind\":\"status\",\"status\":429,\"errorType\":\"ModelNotReadyException\",\"times\":1}");
    assertThatThrownBy(() -> invoke(request -> {})).isInstanceOf(ModelNotReadyException.class);
    stage.control("POST", "sagemaker/faults", "{\"kind\":\"status\",\"status\":429,\"times\":1}");
    assertThatThrownBy(() -> invoke(request -> {}))
        .isInstanceOfSatisfying(
            SageMakerRuntimeException.class, e -> assertThat(e.isThrottlingException()).isTrue());
    stage.control("POST", "sagemaker/faults", "{\"kind\":\"empty\",\"times\":1}");
    assertThat(invoke(request -> {}).body().asByteArray()).isEmpty();
    assertThat(invoke(request -> {}).body().asUtf8String()).isEqualTo("hello");
    assertThat(stage.control("GET", "calls", "").path("calls")).isEmpty();
    assertThat(stage.control("GET", "sagemaker/calls", "").at("/calls/0/model").asText())
        .isEqualTo("echo");
  }

  @Test
  void a_stream_can_break_in_its_middle() throws Exception {
    stage.control(
        "POST", "sagemaker/faults", "{\"kind\":\"exceptionFrame\",\"afterEvents\":3,\"times\":1}");

    Streamed broken = stream("scripted-chat", STREAM);

    assertThat(broken.parts()).hasSize(3);
    assertThat(broken.failure()).isInstanceOf(ModelStreamErrorException.class);
    assertThat(((ModelStreamErrorException) broken.failure()).errorCode())
        .isEqualTo("StreamBroken");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_asynchronous_invocation_leaves_its_answer_or_its_failure(boolean fails) throws Exception {
    if (fails) {
      stage.control(
          "POST",
          "sagemaker/faults",
          "{\"kind\":\"exceptionFrame\",\"operation\":\"InvokeEndpointAsync\"}");
    }
    String input = fails ? "fails" : "works";
    stage.objects.put(
        "bucket", "in/" + input, "text/plain", "hello".getBytes(StandardCharsets.UTF_8));

    var response =
        async
            .invokeEndpointAsync(request ->
                request
                    .endpointName("echo")
                    .contentType("text/plain")
                    .inferenceId("my-id")
                    .inputLocation("s3://bucket/in/" + input))
            .get(1, TimeUnit.MINUTES);

    String location = fails ? response.failureLocation() : response.outputLocation();
    assertThat(response.inferenceId()).isEqualTo("my-id");
    assertThat(
            Stage.eventually(() ->
                stage
                    .objects
                    .get("bucket", location.substring("s3://bucket/".length()))
                    .filter(found ->
                        new String(found, StandardCharsets.UTF_8)
                            .equals(fails ? "injected fault" : "hello"))
                    .isPresent()))
        .isTrue();
  }
}
