package dev.weir.runtime;

/** One JSON line on standard error for each thing that went wrong in the loop. */
final class Log {
  private Log() {}

  static void error(String message, String requestId, Failure failure) {
    System.err.println(
        "{\"level\":\"ERROR\",\"message\":%s,\"requestId\":%s,\"error\":%s}"
            .formatted(Json.quote(message), Json.quote(requestId), failure.json()));
  }
}
