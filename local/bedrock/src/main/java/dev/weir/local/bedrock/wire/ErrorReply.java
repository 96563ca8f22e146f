package dev.weir.local.bedrock.wire;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An error answer of the Bedrock or the SageMaker Runtime. Carries no stack trace: it is an answer,
 * not a bug.
 */
public final class ErrorReply extends Exception {
  private static final long serialVersionUID = 1L;

  /** Status codes as the AWS API reference gives them. */
  private static final Map<String, Integer> STATUSES =
      Map.ofEntries(
          Map.entry("ThrottlingException", 429),
          Map.entry("ModelNotReadyException", 429),
          Map.entry("ServiceQuotaExceededException", 400),
          Map.entry("ModelTimeoutException", 408),
          Map.entry("ServiceUnavailableException", 503),
          Map.entry("InternalServerException", 500),
          Map.entry("ValidationException", 400),
          Map.entry("AccessDeniedException", 403),
          Map.entry("ResourceNotFoundException", 404),
          Map.entry("ModelErrorException", 424),
          Map.entry("ModelStreamErrorException", 424),
          Map.entry("ConflictException", 400),
          Map.entry("ModelError", 424),
          Map.entry("ServiceUnavailable", 503),
          Map.entry("ValidationError", 400),
          Map.entry("InternalDependencyException", 530));

  private final int status;
  private final String type;
  private final transient Optional<Duration> retryAfter;
  private final transient OptionalInt originalStatus;

  public ErrorReply(int status, String type, String message, Optional<Duration> retryAfter) {
    this(status, type, message, retryAfter, OptionalInt.empty());
  }

  /**
   * @param originalStatus what a container answered, of a {@code ModelError}
   */
  public ErrorReply(
      int status,
      String type,
      String message,
      Optional<Duration> retryAfter,
      OptionalInt originalStatus) {
    super(message, null, false, false);
    this.originalStatus = originalStatus;
    this.status = status;
    this.type = type;
    this.retryAfter = retryAfter;
  }

  /** An error of a modelled type, with that type's status. */
  public static ErrorReply of(String type, String message) {
    return new ErrorReply(statusOf(type), type, message, Optional.empty());
  }

  /** SageMaker's {@code ModelError} (424) for what a container has answered. */
  public static ErrorReply ofContainer(int status, String message) {
    return new ErrorReply(424, "ModelError", message, Optional.empty(), OptionalInt.of(status));
  }

  /** A {@code ValidationException} (400). */
  public static ErrorReply validation(String message) {
    return of("ValidationException", message);
  }

  /** The status of a modelled type, 500 for any other. */
  public static int statusOf(String type) {
    return STATUSES.getOrDefault(type, 500);
  }

  /** The type SageMaker answers with this status; for one it does not use, the nearest in class. */
  public static String endpointTypeOf(int status) {
    return switch (status) {
      case 403 -> "AccessDeniedException";
      case 424 -> "ModelError";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailable";
      case 530 -> "InternalDependencyException";
      default -> status < 500 ? "ValidationError" : "InternalFailure";
    };
  }

  /** The type Bedrock answers with this status; for one it does not use, the nearest in class. */
  public static String typeOf(int status) {
    return switch (status) {
      case 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 408 -> "ModelTimeoutException";
      case 424 -> "ModelErrorException";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailableException";
      default -> status < 500 ? "ValidationException" : "InternalServerException";
    };
  }

  public int status() {
    return status;
  }

  /** The exception's name, as sent in {@code x-amzn-ErrorType}. */
  public String type() {
    return type;
  }

  /** What a container answered, of a {@code ModelError}. */
  public OptionalInt originalStatus() {
    return originalStatus;
  }

  /** What to send in {@code Retry-After}. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** The text sent as {@code message}. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
