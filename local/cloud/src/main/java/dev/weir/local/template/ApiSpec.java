package dev.weir.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The REST API of the template.
 *
 * @param gatewayResponses customised ones by response type
 * @param binaryMediaTypes content types handed over in base64
 */
public record ApiSpec(
    String stage,
    List<Route> routes,
    Map<String, Authorizer> authorizers,
    Map<String, GatewayResponse> gatewayResponses,
    Set<String> binaryMediaTypes) {

  /** The authorizer of a route that IAM decides. */
  public static final String IAM = "AWS_IAM";

  /**
   * One method of one resource.
   *
   * @param method in upper case, {@code ANY} for all
   * @param path such as {@code /v1/models/{id}}
   * @param function the function's logical id
   * @param streaming whether the response transfer mode is STREAM
   * @param timeout the integration's timeout
   * @param authorizer its name, {@link ApiSpec#IAM}, or empty for an open route
   */
  public record Route(
      String method,
      String path,
      String function,
      boolean streaming,
      Duration timeout,
      Optional<String> authorizer) {}

  /**
   * A Lambda authorizer of type REQUEST.
   *
   * @param identitySources such as {@code method.request.header.Authorization}
   * @param ttl how long a verdict is kept, zero for not at all
   */
  public record Authorizer(
      String name, String function, List<String> identitySources, Duration ttl) {}

  /**
   * What the gateway itself answers.
   *
   * @param headers name to value: a literal in single quotes or {@code context.*}
   * @param templates body by content type
   */
  public record GatewayResponse(
      OptionalInt status, Map<String, String> headers, Map<String, String> templates) {}
}
