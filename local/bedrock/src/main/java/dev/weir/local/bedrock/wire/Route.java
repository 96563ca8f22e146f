package dev.weir.local.bedrock.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a request goes.
 *
 * @param operation what is asked
 * @param target the id of the model, guardrail or knowledge base, or the endpoint name, decoded; of
 *     an ARN its last part
 * @param version the guardrail version; empty for models
 */
public record Route(Operation operation, String target, String version) {
  private static final Set<Operation> ENDPOINT_OPERATIONS =
      EnumSet.of(
          Operation.INVOKE_ENDPOINT,
          Operation.INVOKE_ENDPOINT_STREAM,
          Operation.INVOKE_ENDPOINT_ASYNC);

  /**
   * Reads a raw path. It is split before it is decoded, for an ARN's {@code :} and {@code /} arrive
   * percent-encoded.
   *
   * @return empty when no operation has this path
   */
  public static Optional<Route> of(String rawPath) {
    List<String> parts =
        Stream.of(rawPath.substring(1).split("/", -1)).map(Route::decoded).toList();
    if (parts.size() == 3 && parts.get(0).equals("model")) {
      return Operation.ofPathSegment(parts.get(2))
          .filter(Route::isOfModels)
          .map(operation -> new Route(operation, resource(parts.get(1)), ""));
    }
    if (parts.size() == 3 && parts.get(0).equals("knowledgebases")) {
      return Operation.ofPathSegment(parts.get(2))
          .filter(operation -> operation == Operation.RETRIEVE)
          .map(operation -> new Route(operation, parts.get(1), ""));
    }
    boolean guardrail =
        parts.size() == 5
            && parts.get(0).equals("guardrail")
            && parts.get(2).equals("version")
            && parts.get(4).equals("apply");
    return guardrail
        ? Optional.of(new Route(Operation.APPLY_GUARDRAIL, resource(parts.get(1)), parts.get(3)))
        : Optional.empty();
  }

  private static boolean isOfModels(Operation operation) {
    return operation != Operation.APPLY_GUARDRAIL
        && operation != Operation.RETRIEVE
        && !ENDPOINT_OPERATIONS.contains(operation);
  }

  /**
   * Reads a raw path of the SageMaker Runtime.
   *
   * @return empty when no operation has this path
   */
  public static Optional<Route> ofEndpoint(String rawPath) {
    List<String> parts = List.of(rawPath.substring(1).split("/", -1));
    return parts.size() == 3 && parts.get(0).equals("endpoints")
        ? Operation.ofPathSegment(parts.get(2))
            .filter(ENDPOINT_OPERATIONS::contains)
            .map(operation -> new Route(operation, parts.get(1), ""))
        : Optional.empty();
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String resource(String id) {
    return id.startsWith("arn:") ? id.substring(id.lastIndexOf('/') + 1) : id;
  }
}
