package dev.weir.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An exception as the Runtime API takes it.
 *
 * @param type class name of the exception
 * @param message its message, empty when it has none
 * @param stack its innermost frames
 */
record Failure(String type, String message, List<String> stack) {
  private static final int FRAMES = 24;

  static Failure of(Throwable error) {
    return new Failure(
        error.getClass().getName(),
        Objects.requireNonNullElse(error.getMessage(), ""),
        Arrays.stream(error.getStackTrace())
            .limit(FRAMES)
            .map(StackTraceElement::toString)
            .toList());
  }

  /** The error object of the Lambda Runtime API. */
  String json() {
    return "{\"errorMessage\":%s,\"errorType\":%s,\"stackTrace\":%s}"
        .formatted(
            Json.quote(message),
            Json.quote(type),
            stack.stream().map(Json::quote).collect(Collectors.joining(",", "[", "]")));
  }
}
