package dev.weir.local.bedrock.sagemaker;

import dev.weir.local.bedrock.wire.ErrorReply;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What the head of a request to an endpoint says, validated as SageMaker Runtime does.
 *
 * @param contentType of the body
 */
public record EndpointRequest(
    String endpoint,
    String contentType,
    Optional<String> variant,
    Optional<String> component,
    Optional<String> model,
    Optional<String> session,
    Optional<String> inferenceId,
    Optional<String> inputLocation) {

  private static final String PREFIX = "X-Amzn-SageMaker-";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}");
  private static final Pattern PRINTABLE = Pattern.compile("\\S\\p{Print}{0,1023}");
  private static final Pattern LOCATION = Pattern.compile("(https|s3)://([^/]+)/?(.*)");

  /**
   * Reads the head.
   *
   * @param headers finds a header by its name
   */
  public static EndpointRequest of(String endpoint, Function<String, Optional<String>> headers)
      throws ErrorReply {
    return new EndpointRequest(
        endpoint,
        headers
            .apply(PREFIX + "Content-Type")
            .or(() -> headers.apply("Content-Type"))
            .orElse("application/octet-stream"),
        matching(headers, "Target-Variant", NAME),
        matching(headers, "Inference-Component", NAME),
        matching(headers, "Target-Model", PRINTABLE),
        matching(headers, "Session-Id", Pattern.compile("NEW_SESSION|" + NAME)),
        matching(headers, "Inference-Id", PRINTABLE),
        matching(headers, "InputLocation", LOCATION));
  }

  private static Optional<String> matching(
      Function<String, Optional<String>> headers, String name, Pattern pattern) throws ErrorReply {
    Optional<String> value = headers.apply(PREFIX + name);
    if (value.isPresent() && !pattern.matcher(value.get()).matches()) {
      throw ErrorReply.of(
          "ValidationError",
          "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must"
                  .formatted(name)
              + " satisfy regular expression pattern: "
              + pattern);
    }
    return value;
  }
}
