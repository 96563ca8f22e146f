package dev.weir.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a model did not answer.
 *
 * @param kind what failed, as reliability rules tell faults apart
 * @param detail the upstream exception's name, such as {@code ThrottlingException}; safe to log and
 *     to show, never holds prompt text
 * @param retryAfter the wait the upstream asked for
 */
public record Fault(Kind kind, String detail, Optional<Duration> retryAfter) {

  /** What failed. */
  public enum Kind {
    /** Bedrock ThrottlingException (429). */
    THROTTLED,
    /** Bedrock ServiceQuotaExceededException. */
    QUOTA_EXCEEDED,
    /** Bedrock ModelNotReadyException. */
    NOT_READY,
    /** Bedrock ServiceUnavailableException (503). */
    UNAVAILABLE,
    /** Bedrock InternalServerException (500) and anything unknown above it. */
    INTERNAL,
    /** Bedrock ModelTimeoutException (408). */
    MODEL_TIMEOUT,
    /** Bedrock ModelErrorException (424). */
    MODEL_ERROR,
    /** Bedrock ValidationException (400). */
    INVALID,
    /** Bedrock AccessDeniedException (403). */
    ACCESS_DENIED,
    /** Bedrock ResourceNotFoundException (404). */
    NOT_FOUND,
    /** Bedrock ConflictException and other 4xx. */
    REFUSED,
    /** No connection, so nothing was sent. */
    CONNECTION,
    /** The connection broke after sending and before the response; the model may have run. */
    RESET,
    /** No first content event before its deadline, or none for the idle deadline. */
    STALLED,
    /** The whole request's deadline has passed. */
    DEADLINE,
    /** A response that had begun ended, or broke, without a stop event. */
    CUT,
    /** A complete answer without any content. */
    EMPTY,
    /** The client went away; the upstream call was cancelled. */
    CANCELLED,
    /** A kill switch ended the answer; the upstream call was cancelled. */
    SWITCHED_OFF
  }

  public static Fault of(Kind kind, String detail) {
    return new Fault(kind, detail, Optional.empty());
  }
}
