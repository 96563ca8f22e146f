package dev.weir.door;

import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.api.ApiError;
import dev.weir.idempotency.Begin;
import dev.weir.idempotency.IdempotencyKey;
import dev.weir.killswitch.Off;
import dev.weir.model.Fault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A reply that is not an answer: the one place where an outcome becomes a status, an OpenAI error
 * body and the headers that steer the client's retries ({@code docs/errors.md} lists them all).
 */
public record Problem(ApiError error, Map<String, String> headers) {

  private static final Set<String> GUARDS = Set.of("content_filter", "guard_unavailable");

  /** Waits offered where the limiter or a target knows no better time. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration NOT_READY = Duration.ofSeconds(5);

  /** A problem of the request itself: the same request can never pass. */
  public static Problem of(ApiError error) {
    return new Problem(error, Map.of("x-should-retry", "false"));
  }

  /** A model the catalog does not have. */
  public static Problem unknownModel(String model) {
    return of(
        new ApiError(
            404,
            "invalid_request_error",
            "model_not_found",
            "The model '%s' does not exist. GET /v1/models lists the models you can use."
                .formatted(shortened(model)),
            Optional.of("model")));
  }

  /** An embedding model that was asked for a chat completion. */
  public static Problem embeddingModel(String model) {
    return of(
        ApiError.invalid(
            "model",
            "model_not_supported",
            "The model '%s' makes embeddings: POST /v1/embeddings.".formatted(model)));
  }

  /** A chat model that was asked for embeddings. */
  public static Problem chatModel(String model) {
    return of(
        ApiError.invalid(
            "model",
            "model_not_supported",
            "The model '%s' makes no embeddings: POST /v1/chat/completions.".formatted(model)));
  }

  /** An endpoint the catalog does not have. */
  public static Problem unknownEndpoint(String endpoint) {
    return of(
        new ApiError(
            404,
            "invalid_request_error",
            "endpoint_not_found",
            "The endpoint '%s' does not exist here.".formatted(shortened(endpoint)),
            Optional.empty()));
  }

  /** An asynchronous invocation that is not this tenant's, or whose result has expired. */
  public static Problem unknownInvocation() {
    return of(
        new ApiError(
            404,
            "invalid_request_error",
            "invocation_not_found",
            "There is no such invocation, or its result has expired.",
            Optional.empty()));
  }

  /**
   * An asynchronous invocation that failed.
   *
   * @param text what its container left in words
   */
  public static Problem invocationFailed(String text) {
    return of(
        new ApiError(
            502,
            "server_error",
            "invocation_failed",
            "The invocation failed: " + text,
            Optional.empty()));
  }

  /** Results that cannot be read or inputs that cannot be written right now. */
  public static Problem objectsUnavailable() {
    return retryAfter(
        new ApiError(
            503,
            "server_error",
            "objects_unavailable",
            "Inputs and results of asynchronous invocations cannot be reached right now. Retry.",
            Optional.empty()),
        SOON);
  }

  /** A switch that is off: the same request passes when it is on again, which nobody can date. */
  public static Problem of(Off off) {
    return dimension(of(switchedOff(off.target().text() + ": " + off.why())), "switch");
  }

  private static ApiError switchedOff(String what) {
    return new ApiError(
        403,
        "permission_error",
        "switched_off",
        "The operator has switched this off (%s). Ask your platform team.".formatted(what),
        Optional.empty());
  }

  /** Switches that cannot be read. */
  public static Problem switchesUnreadable() {
    return retryAfter(
        new ApiError(
            503,
            "server_error",
            "limiter_unavailable",
            "The operator's switches cannot be read right now, so no model was asked. Retry.",
            Optional.empty()),
        SOON);
  }

  /** An idempotency key that is none. */
  public static Problem invalidIdempotencyKey() {
    return of(
        ApiError.malformed(
            "invalid_idempotency_key",
            "Idempotency-Key must be 1 to %d visible ASCII characters, without spaces."
                .formatted(IdempotencyKey.LONGEST)));
  }

  /** What an idempotency key says against a request; nothing was spent. */
  public static Problem idempotency(Begin begin) {
    return switch (begin) {
      case Begin.Running _ ->
          retryAfter(
              conflict(
                  "idempotency_key_in_use",
                  "A request with this Idempotency-Key is still running. Retry for its answer."),
              SOON);
      case Begin.Other _ ->
          of(
              conflict(
                  "idempotency_key_reused",
                  "This Idempotency-Key was sent with another request: another body, another door or"
                      + " other headers that choose the answer. Use a new key."));
      case Begin.NotKept _ ->
          of(
              conflict(
                  "idempotency_answer_not_kept",
                  "The request of this Idempotency-Key was answered, but the answer was too large"
                      + " to be kept. Use a new key to ask again."));
      case Begin.Unreadable _ ->
          retryAfter(
              new ApiError(
                  503,
                  "server_error",
                  "idempotency_unavailable",
                  "Whether this Idempotency-Key was answered cannot be read right now, so nothing"
                      + " was spent. Retry.",
                  Optional.empty()),
              SOON);
      case Begin.First _, Begin.Answered _ ->
          throw new IllegalArgumentException("no problem: " + begin);
    };
  }

  private static ApiError conflict(String code, String message) {
    return new ApiError(409, "invalid_request_error", code, message, Optional.empty());
  }

  /**
   * A request that a guard stopped.
   *
   * @param param the field that held what it found
   */
  public static Problem blocked(String guard, String rule, String param) {
    return of(
        new ApiError(
            400,
            "invalid_request_error",
            "content_filter",
            "The request was stopped by the guard '%s' (%s).".formatted(guard, rule),
            Optional.of(param)));
  }

  /** A body that a guard stopped. */
  public static Problem blockedBody(String guard, String rule) {
    return of(
        ApiError.malformed(
            "content_filter",
            "The body was stopped by the guard '%s' (%s).".formatted(guard, rule)));
  }

  /** A body that says it is text in a charset no guard can read. */
  public static Problem unreadableCharset() {
    return of(
        ApiError.invalid(
            "content-type",
            "invalid_value",
            "content-type must name one charset known here, such as utf-8, so that guards can read"
                + " the body."));
  }

  /** A guard that cannot judge, where its policy is closed. */
  public static Problem guardUnavailable() {
    return retryAfter(
        new ApiError(
            503,
            "server_error",
            "guard_unavailable",
            "A guard cannot judge this call right now, so it does not pass. Retry.",
            Optional.empty()),
        SOON);
  }

  /** Whether a guard stopped the request, or could not judge it. */
  public boolean isByGuard() {
    return GUARDS.contains(error.code());
  }

  /** A knowledge base that cannot be asked, and whose model does not answer without. */
  public static Problem retrievalUnavailable() {
    return retryAfter(
        new ApiError(
            503,
            "server_error",
            "retrieval_unavailable",
            "The documents this model answers from cannot be searched right now, so it was not"
                + " asked. Retry.",
            Optional.empty()),
        SOON);
  }

  /** A turn that came second: its conversation has gone on without it. */
  public static Problem sessionConflict() {
    return of(
        conflict(
            "session_conflict",
            "Another turn was added to this conversation in the meantime, so this one was not. It"
                + " was charged if a model answered. Ask again to answer the conversation as it is"
                + " now."));
  }

  /** An answer that was to be kept and could not be. */
  private static Problem notKept(String why) {
    return of(
        new ApiError(
            500,
            "server_error",
            "session_not_kept",
            "The answer could not be kept in its session (%s), so it cannot be continued. It was"
                    .formatted(why)
                + " charged. Send 'store': false to do without.",
            Optional.empty()));
  }

  /** A session that cannot be read. */
  public static Problem sessionUnavailable() {
    return retryAfter(
        new ApiError(
            503,
            "server_error",
            "session_unavailable",
            "The session cannot be read or written right now; nothing was spent. Retry.",
            Optional.empty()),
        SOON);
  }

  /** A session of more than can be kept. */
  public static Problem sessionTooLarge() {
    return of(
        new ApiError(
            413,
            "invalid_request_error",
            "session_too_large",
            "This is more than one session can hold. Leave out images or begin a new one.",
            Optional.empty()));
  }

  /** A tenant whose turns are not kept. */
  public static Problem sessionsOff() {
    return of(
        new ApiError(
            403,
            "permission_error",
            "sessions_off",
            "Nothing is kept for this tenant: send 'store': false and the whole conversation in"
                + " 'input'.",
            Optional.empty()));
  }

  /**
   * What a tenant does not have, or no longer; nothing tells whether another has it.
   *
   * @param what such as "response"
   */
  public static Problem noSuch(String what, String id, String code, Optional<String> param) {
    return of(
        new ApiError(
            404,
            "invalid_request_error",
            code,
            "There is no %s '%s': it never was, has expired or was deleted."
                .formatted(what, shortened(id)),
            param));
  }

  /** An error of our own. */
  public static Problem internal() {
    return new Problem(
        new ApiError(
            500,
            "server_error",
            "internal_error",
            "The gateway failed. Retry; if it persists, report the x-request-id.",
            Optional.empty()),
        Map.of());
  }

  /** A refusal by the tenant's limits. */
  public static Problem of(Decision.Rejected rejected, String model) {
    return switch (rejected.dimension()) {
      case REQUESTS -> limited("requests", "requests per minute", rejected);
      case TOKENS -> limited("tokens", "tokens per minute", rejected);
      case CONCURRENCY -> limited("concurrency", "calls in flight", rejected);
      case DAY_BUDGET -> overBudget("day", "day_budget");
      case MONTH_BUDGET -> overBudget("month", "month_budget");
      case LIFETIME_BUDGET -> overBudget("lifetime", "lifetime_budget");
      case TENANT_STATUS ->
          dimension(
              of(
                  new ApiError(
                      403,
                      "permission_error",
                      "tenant_suspended",
                      "This tenant is not active. Ask your platform team.",
                      Optional.empty())),
              "tenant");
      case KEY -> dimension(invalidKey(), "key");
      case MODEL ->
          dimension(
              of(
                  new ApiError(
                      403,
                      "permission_error",
                      "model_not_allowed",
                      "This key may not use the model '%s'. GET /v1/models lists those it may."
                          .formatted(shortened(model)),
                      Optional.of("model"))),
              "model");
      case TOO_LARGE ->
          dimension(
              of(
                  ApiError.malformed(
                      "tokens_exceed_limit",
                      "This request alone needs more tokens than the tenant's limit per minute."
                          + " Shorten the prompt or lower max_tokens.")),
              "tokens");
      case UNAVAILABLE ->
          retryAfter(
              new ApiError(
                  503,
                  "server_error",
                  "limiter_unavailable",
                  "The limits cannot be checked right now, so no model was asked. Retry.",
                  Optional.empty()),
              rejected.retryAfter().orElse(SOON));
    };
  }

  /** A key that is unknown, revoked or expired. */
  public static Problem invalidKey() {
    return of(
        new ApiError(
            401,
            "authentication_error",
            "invalid_api_key",
            "Incorrect API key. Send 'Authorization: Bearer <key>' with a key that is not revoked"
                + " or expired.",
            Optional.empty()));
  }

  /** A model that did not answer before the first byte. */
  public static Problem of(Fault fault) {
    return switch (fault.kind()) {
      case THROTTLED, QUOTA_EXCEEDED ->
          retryAfter(
              upstream(429, "rate_limit_error", "upstream_throttled", "is throttled", fault),
              fault.retryAfter().orElse(SOON));
      case NOT_READY ->
          retryAfter(
              upstream(503, "server_error", "model_not_ready", "is not ready", fault),
              fault.retryAfter().orElse(NOT_READY));
      case UNAVAILABLE ->
          retryAfter(
              upstream(503, "server_error", "upstream_unavailable", "is unavailable", fault),
              fault.retryAfter().orElse(SOON));
      case CONNECTION, RESET ->
          retryAfter(
              upstream(503, "server_error", "upstream_unreachable", "cannot be reached", fault),
              fault.retryAfter().orElse(SOON));
      case INTERNAL, CANCELLED ->
          new Problem(upstream(502, "server_error", "upstream_error", "failed", fault), Map.of());
      case MODEL_ERROR ->
          of(upstream(502, "server_error", "model_error", "could not process this", fault));
      case CUT -> of(upstream(502, "server_error", "upstream_cut", "broke off its answer", fault));
      case EMPTY -> of(upstream(502, "server_error", "empty_response", "answered nothing", fault));
      case INVALID_OUTPUT ->
          of(
              upstream(
                  502,
                  "server_error",
                  "invalid_model_output",
                  "did not answer in the JSON asked for; its answers were charged",
                  fault));
      case MODEL_TIMEOUT, STALLED, DEADLINE ->
          of(upstream(504, "server_error", "upstream_timeout", "did not answer in time", fault));
      case GUARD_UNAVAILABLE -> guardUnavailable();
      case SESSION_CONFLICT -> sessionConflict();
      case NOT_KEPT -> notKept(fault.detail());
      case INVALID ->
          of(
              ApiError.malformed(
                  "upstream_validation",
                  "The model refused this request as invalid (%s). Check roles, tools and"
                          .formatted(fault.detail())
                      + " parameters against the model's documentation."));
      case SWITCHED_OFF -> of(switchedOff(fault.detail()));
      case ACCESS_DENIED, NOT_FOUND, REFUSED ->
          of(upstream(502, "server_error", "upstream_refused", "cannot be used", fault));
    };
  }

  private static ApiError upstream(int status, String type, String code, String what, Fault fault) {
    return new ApiError(
        status, type, code, "The model %s (%s).".formatted(what, fault.detail()), Optional.empty());
  }

  private static Problem limited(String dimension, String what, Decision.Rejected rejected) {
    return dimension(
        retryAfter(
            new ApiError(
                429,
                dimension,
                "rate_limit_exceeded",
                "The tenant's limit of %s is reached. Retry after the time in retry-after."
                    .formatted(what),
                Optional.empty()),
            rejected.retryAfter().orElse(SOON)),
        dimension);
  }

  private static Problem overBudget(String what, String dimension) {
    return dimension(
        of(
            new ApiError(
                429,
                "insufficient_quota",
                "insufficient_quota",
                "The tenant's %s budget cannot cover this call. Lower max_tokens, wait for the next"
                        .formatted(what)
                    + " period or ask your platform team.",
                Optional.empty())),
        dimension);
  }

  private static Problem dimension(Problem problem, String dimension) {
    Map<String, String> headers = new LinkedHashMap<>(problem.headers());
    headers.put("x-weir-limit", dimension);
    return new Problem(problem.error(), headers);
  }

  /** Clients retry by themselves after this wait; both headers, since clients differ. */
  private static Problem retryAfter(ApiError error, Duration wait) {
    long millis = Math.max(1, wait.toMillis());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("retry-after", Long.toString(Math.ceilDiv(millis, 1000)));
    headers.put("retry-after-ms", Long.toString(millis));
    headers.put("x-should-retry", "true");
    return new Problem(error, headers);
  }

  private static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }

  /** The dimension that refused, for logs and metrics. */
  public static String reason(Dimension dimension) {
    return dimension.name().toLowerCase(Locale.ROOT);
  }
}
