package dev.weir.local.bedrock;

import static dev.weir.local.bedrock.Requests.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ConflictException;
import software.amazon.awssdk.services.bedrockruntime.model.InternalServerException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** Error answers arrive as the SDK's typed exceptions, over HTTP/1.1 and HTTP/2. */
final class ErrorsTest extends StageTest {
  private static final Map<String, Class<? extends BedrockRuntimeException>> CLASSES =
      Map.ofEntries(
          Map.entry("ThrottlingException", ThrottlingException.class),
          Map.entry("ModelNotReadyException", ModelNotReadyException.class),
          Map.entry("ServiceQuotaExceededException", ServiceQuotaExceededException.class),
          Map.entry("ModelTimeoutException", ModelTimeoutException.class),
          Map.entry("ServiceUnavailableException", ServiceUnavailableException.class),
          Map.entry("InternalServerException", InternalServerException.class),
          Map.entry("ValidationException", ValidationException.class),
          Map.entry("AccessDeniedException", AccessDeniedException.class),
          Map.entry("ResourceNotFoundException", ResourceNotFoundException.class),
          Map.entry("ModelErrorException", ModelErrorException.class),
          Map.entry("ConflictException", ConflictException.class));

  private static final String WELL_SIGNED =
      "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature="
          + "0".repeat(64);

  @ParameterizedTest
  @CsvSource({
    "ThrottlingException,429",
    "ModelNotReadyException,429",
    "ServiceQuotaExceededException,400",
    "ModelTimeoutException,408",
    "ServiceUnavailableException,503",
    "InternalServerException,500",
    "ValidationException,400",
    "AccessDeniedException,403",
    "ResourceNotFoundException,404",
    "ModelErrorException,424",
    "ConflictException,400"
  })
  void every_modelled_error_has_its_class_and_status(String type, int status) throws Exception {
    stage.fault("{\"kind\":\"status\",\"errorType\":\"" + type + "\"}");

    BedrockRuntimeException buffered =
        catchThrowableOfType(BedrockRuntimeException.class, ErrorsTest::converse);
    Throwable streamed =
        new Heard(stage.async, request -> request.modelId(Stage.SCRIPTED).messages(HELLO))
            .failure()
            .orElseThrow();

    assertThat(buffered).isExactlyInstanceOf(CLASSES.get(type));
    assertThat(buffered.statusCode()).isEqualTo(status);
    assertThat(streamed).isExactlyInstanceOf(CLASSES.get(type));
  }

  @Test
  void a_status_alone_chooses_its_type_and_carries_retry_after() throws Exception {
    stage.fault("{\"kind\":\"status\",\"status\":503,\"retryAfterSeconds\":7}");

    BedrockRuntimeException error =
        catchThrowableOfType(BedrockRuntimeException.class, ErrorsTest::converse);

    assertThat(error).isInstanceOf(ServiceUnavailableException.class);
    assertThat(error.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After"))
        .contains("7");
  }

  @Test
  void an_unknown_model_is_a_validation_error() {
    ValidationException error =
        catchThrowableOfType(
            ValidationException.class,
            () -> stage.sync.converse(request -> request.modelId("no.model").messages(HELLO)));

    assertThat(error.awsErrorDetails().errorMessage())
        .isEqualTo("The provided model identifier is invalid.");
  }

  @Test
  void an_unknown_guardrail_is_not_found() {
    assertThat(
            catchThrowableOfType(
                ResourceNotFoundException.class,
                () ->
                    stage.sync.applyGuardrail(request ->
                        request
                            .guardrailIdentifier("other")
                            .guardrailVersion("1")
                            .source("INPUT")
                            .content(block -> block.text(text -> text.text("x"))))))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer abc",
        "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=x-amz-date, Signature=00"
      })
  void a_request_without_a_well_formed_signature_is_refused(String authorization) throws Exception {
    HttpResponse<String> reply = post("/model/local.scripted/converse", authorization);

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(stage.counted("started")).isZero();
  }

  @Test
  void a_path_of_no_operation_is_not_found() throws Exception {
    HttpResponse<String> reply = post("/model/local.scripted/converse-twice", WELL_SIGNED);

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.headers().firstValue("x-amzn-ErrorType"))
        .contains("UnknownOperationException");
  }

  @Test
  void a_body_that_is_no_json_is_a_validation_error() throws Exception {
    HttpResponse<String> reply = post("/model/local.scripted/converse", WELL_SIGNED);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(reply.headers().firstValue("x-amzn-ErrorType")).contains("ValidationException");
  }

  private static void converse() {
    stage.sync.converse(request -> request.modelId(Stage.SCRIPTED).messages(HELLO));
  }

  private static HttpResponse<String> post(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(stage.address.resolve(path)).POST(BodyPublishers.ofString("{no"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }
}
