package dev.weir.local.bedrock.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks whether a request carries a well-formed Signature Version 4 for a service. The signature
 * itself is not checked: the stand-in knows no secret.
 */
public final class Signature {
  private static final Pattern WELL_FORMED =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[^/, ]+/\\d{8}/[a-z0-9-]+/([a-z0-9]+)/aws4_request, ?"
              + "SignedHeaders=(?=[^,]*\\bhost\\b)[a-z0-9;-]+, ?Signature=[0-9a-f]{64}");

  private Signature() {}

  /**
   * Refuses a request without a well-formed signature.
   *
   * @throws ErrorReply 403 {@code MissingAuthenticationTokenException} or {@code
   *     IncompleteSignatureException}
   */
  public static void require(Optional<String> authorization, String service) throws ErrorReply {
    if (authorization.isEmpty()) {
      throw refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    Matcher matcher = WELL_FORMED.matcher(authorization.get());
    if (!matcher.matches() || !matcher.group(1).equals(service)) {
      throw refused(
          "IncompleteSignatureException",
          "The Authorization header is not a Signature Version 4 scoped to service '%s'."
              .formatted(service));
    }
  }

  private static ErrorReply refused(String type, String message) {
    return new ErrorReply(403, type, message, Optional.empty());
  }
}
