package dev.weir.door;

import java.util.Map;
import java.util.Optional;

/**
 * An API Gateway REST proxy event (payload format 1.0), reduced to what doors use.
 *
 * @param headers by lower-case name; of a repeated header the last value
 * @param query percent-decoded; of a repeated parameter the last value
 * @param pathParameters percent-decoded
 * @param body the decoded body, empty when there is none
 * @param gatewayRequestId API Gateway's id of this request
 * @param authorizer the authorizer's context
 * @param principal ARN of the IAM identity that signed it, empty when no IAM route
 */
public record Request(
    String method,
    String resource,
    Map<String, String> headers,
    Map<String, String> query,
    Map<String, String> pathParameters,
    byte[] body,
    String gatewayRequestId,
    Map<String, String> authorizer,
    String principal) {

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  /**
   * A value of the authorizer's context.
   *
   * @throws IllegalStateException when it is absent: the route was deployed without its authorizer
   */
  public String authorized(String name) {
    String value = authorizer.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException("the authorizer gave no " + name);
    }
    return value;
  }
}
