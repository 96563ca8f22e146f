package dev.weir.model;

import dev.weir.route.CircuitBreaker;
import dev.weir.route.Reaction;
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
    /** A complete answer that is not the JSON that was asked for. */
    INVALID_OUTPUT,
    /** The client went away; the upstream call was cancelled. */
    CANCELLED,
    /** A kill switch ended the answer; the upstream call was cancelled. */
    SWITCHED_OFF,
    /** A guard could not judge the answer, and its policy is closed. */
    GUARD_UNAVAILABLE,
    /** Another turn was added to the conversation while this one was answered. */
    SESSION_CONFLICT,
    /** A whole answer that was to be kept in its session could not be. */
    NOT_KEPT
  }

  /** What it calls for as long as nothing has left for the client. */
  public Reaction reaction() {
    return switch (kind) {
      case UNAVAILABLE, INTERNAL, RESET -> Reaction.RETRY_THEN_NEXT;
      case THROTTLED,
          QUOTA_EXCEEDED,
          NOT_READY,
          MODEL_TIMEOUT,
          MODEL_ERROR,
          ACCESS_DENIED,
          NOT_FOUND,
          CONNECTION,
          STALLED,
          CUT ->
          Reaction.NEXT;
      case EMPTY -> Reaction.NEXT_THEN_RETRY;
      case INVALID_OUTPUT -> Reaction.REPAIR;
      case INVALID,
          REFUSED,
          DEADLINE,
          CANCELLED,
          SWITCHED_OFF,
          GUARD_UNAVAILABLE,
          SESSION_CONFLICT,
          NOT_KEPT ->
          Reaction.GIVE_UP;
    };
  }

  /**
   * How much it counts against the target's circuit breaker: nothing for what the request or the
   * client is to blame for, or may have brought about: a breaker is every tenant's.
   */
  public int breakerPoints() {
    return switch (kind) {
      case UNAVAILABLE,
          INTERNAL,
          RESET,
          CONNECTION,
          NOT_READY,
          MODEL_TIMEOUT,
          MODEL_ERROR,
          STALLED,
          DEADLINE,
          CUT ->
          CircuitBreaker.FULL;
      case THROTTLED, QUOTA_EXCEEDED -> CircuitBreaker.HALF;
      case EMPTY,
          INVALID_OUTPUT,
          INVALID,
          ACCESS_DENIED,
          NOT_FOUND,
          REFUSED,
          CANCELLED,
          SWITCHED_OFF,
          GUARD_UNAVAILABLE,
          SESSION_CONFLICT,
          NOT_KEPT ->
          0;
    };
  }

  public static Fault of(Kind kind, String detail) {
    return new Fault(kind, detail, Optional.empty());
  }
}
