package dev.weir.local.gateway;

import dev.weir.local.http.Exchange;
import java.time.Instant;
import java.util.Map;

/**
 * One request to a route, before and after authorisation.
 *
 * @param resource the route's path, or the request's own when it has no route
 * @param pathParameters values by name, decoded
 * @param authorizer what the authorizer said, empty for an open route
 * @param userArn who signed it, empty but on IAM routes
 */
record Call(
    String requestId,
    String trace,
    Instant time,
    Exchange exchange,
    String stage,
    String resource,
    Map<String, String> pathParameters,
    Map<String, String> authorizer,
    String userArn) {

  /** The same call with what the authorizer said. */
  Call authorized(Map<String, String> context) {
    return new Call(
        requestId,
        trace,
        time,
        exchange,
        stage,
        resource,
        pathParameters,
        Map.copyOf(context),
        userArn);
  }

  /** The same call with who signed it. */
  Call signedBy(String arn) {
    return new Call(
        requestId, trace, time, exchange, stage, resource, pathParameters, authorizer, arn);
  }
}
