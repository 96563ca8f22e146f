package dev.weir.local.gateway;

/** What the gateway itself answers, with API Gateway's own status and message. */
enum GatewayError {
  MISSING_AUTHENTICATION_TOKEN(403, "Missing Authentication Token"),
  INVALID_SIGNATURE(
      403, "The request signature we calculated does not match the signature you provided."),
  UNAUTHORIZED(401, "Unauthorized"),
  ACCESS_DENIED(403, "User is not authorized to access this resource"),
  AUTHORIZER_FAILURE(500, "Internal server error"),
  AUTHORIZER_CONFIGURATION_ERROR(500, "Internal server error"),
  REQUEST_TOO_LARGE(413, "Request Too Long"),
  INTEGRATION_FAILURE(502, "Internal server error"),
  INTEGRATION_TIMEOUT(504, "Endpoint request timed out");

  private final int status;
  private final String message;

  GatewayError(int status, String message) {
    this.status = status;
    this.message = message;
  }

  int status() {
    return status;
  }

  String message() {
    return message;
  }
}
