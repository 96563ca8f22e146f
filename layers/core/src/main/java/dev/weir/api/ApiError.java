package dev.weir.api;

import java.util.Optional;

/**
 * An error as an OpenAI client reads it.
 *
 * @param status HTTP status, 400 to 599
 * @param type OpenAI error type, such as {@code invalid_request_error}
 * @param code stable machine-readable code, such as {@code rate_limit_exceeded}
 * @param message what went wrong and what to do next; never holds a secret or a prompt
 * @param param the request field at fault
 */
public record ApiError(
    int status, String type, String code, String message, Optional<String> param) {

  /** A 400 that names the field at fault. */
  public static ApiError invalid(String param, String code, String message) {
    return new ApiError(400, "invalid_request_error", code, message, Optional.of(param));
  }

  /** A 400 about the body as a whole. */
  public static ApiError malformed(String code, String message) {
    return new ApiError(400, "invalid_request_error", code, message, Optional.empty());
  }
}
