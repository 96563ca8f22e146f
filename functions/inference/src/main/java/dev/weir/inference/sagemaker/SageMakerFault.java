package dev.weir.inference.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.inference.upstream.HttpFault;
import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells the failures of SageMaker Runtime and of the containers behind it apart. Of what they say
 * only names and status codes are kept: messages may quote the prompt.
 */
final class SageMakerFault {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SageMakerFault() {}

  /**
   * The fault a reply with an error status stands for.
   *
   * @param header the exception's name, if the head has it
   * @param body its JSON members {@code Message} and, of a {@code ModelError}, {@code
   *     OriginalStatusCode}
   */
  static Fault ofStatus(
      int status, Optional<String> header, Optional<Duration> retryAfter, byte[] body) {
    JsonNode error = read(body);
    String name = HttpFault.name(header.orElse(error.path("__type").asText("")));
    if (name.equals("ModelError")) {
      int original = error.path("OriginalStatusCode").asInt();
      return new Fault(ofContainer(original), "ModelError " + original, retryAfter);
    }
    String message = error.path("Message").asText(error.path("message").asText(""));
    return new Fault(
        kind(status, name, message), name.isEmpty() ? "Http" + status : name, retryAfter);
  }

  /**
   * The fault an exception frame stands for.
   *
   * @param name its {@code :exception-type}, or {@code :error-code}
   * @param payload its JSON
   */
  static Fault ofFrame(String name, byte[] payload) {
    String plain = HttpFault.name(name);
    String code = HttpFault.name(read(payload).path("ErrorCode").asText(""));
    Kind kind =
        switch (plain) {
          case "ModelStreamError" ->
              code.equals("ModelInvocationTimeExceeded") ? Kind.MODEL_TIMEOUT : Kind.MODEL_ERROR;
          default -> Kind.INTERNAL;
        };
    String detail = plain.isEmpty() ? "ErrorFrame" : plain;
    return Fault.of(kind, code.isEmpty() ? detail : detail + " " + code);
  }

  /** The fault an event of the container's own stands for; empty where it is none. */
  static Optional<Fault> ofChunk(JsonNode chunk) {
    JsonNode error = chunk.path("error");
    boolean isError =
        error.isObject()
            || error.isTextual()
            || chunk.path("object").asText().equals("error")
            || chunk.path("choices").path(0).path("finish_reason").asText().equals("error");
    if (!isError) {
      return Optional.empty();
    }
    int code = error.path("code").asInt(chunk.path("code").asInt(500));
    Kind kind =
        switch (chunk.path("error_type").asText()) {
          case "validation" -> Kind.INVALID;
          case "overloaded" -> Kind.THROTTLED;
          default -> ofContainer(code);
        };
    return Optional.of(Fault.of(kind, "ErrorChunk " + code));
  }

  private static Kind kind(int status, String name, String message) {
    return switch (name) {
      case "ModelNotReadyException" -> Kind.NOT_READY;
      // An endpoint that is not there, and a component scaled to nothing, are told in words only.
      case "ValidationError", "ValidationException" -> {
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("has no capacity")) {
          yield Kind.NOT_READY;
        }
        yield words.contains("not found") ? Kind.NOT_FOUND : Kind.INVALID;
      }
      case "ThrottlingException", "Throttling", "TooManyRequestsException" -> Kind.THROTTLED;
      case "ServiceUnavailable", "ServiceUnavailableException" -> Kind.UNAVAILABLE;
      case "InternalFailure", "InternalDependencyException" -> Kind.INTERNAL;
      case "AccessDeniedException" -> Kind.ACCESS_DENIED;
      default -> HttpFault.kind(status);
    };
  }

  /** What a container's own status means; 0 stands for none in time. */
  private static Kind ofContainer(int status) {
    return switch (status) {
      case 0, 408, 504 -> Kind.MODEL_TIMEOUT;
      case 400, 413, 422 -> Kind.INVALID;
      case 404 -> Kind.NOT_FOUND;
      case 429 -> Kind.THROTTLED;
      case 503, 507 -> Kind.UNAVAILABLE;
      default -> Kind.MODEL_ERROR;
    };
  }

  private static JsonNode read(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
