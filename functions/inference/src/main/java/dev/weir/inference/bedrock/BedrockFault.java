package dev.weir.inference.bedrock;

import dev.weir.model.Fault;
import dev.weir.model.Fault.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells Bedrock's exceptions apart, in a status line or in a frame. Of what the upstream says only
 * the exception's name is kept: messages may quote the prompt.
 */
final class BedrockFault {
  private static final int LONGEST_NAME = 64;
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("ThrottlingException", Kind.THROTTLED),
          Map.entry("ServiceQuotaExceededException", Kind.QUOTA_EXCEEDED),
          Map.entry("ModelNotReadyException", Kind.NOT_READY),
          Map.entry("ServiceUnavailableException", Kind.UNAVAILABLE),
          Map.entry("InternalServerException", Kind.INTERNAL),
          Map.entry("ModelTimeoutException", Kind.MODEL_TIMEOUT),
          Map.entry("ModelErrorException", Kind.MODEL_ERROR),
          Map.entry("ModelStreamErrorException", Kind.MODEL_ERROR),
          Map.entry("ValidationException", Kind.INVALID),
          Map.entry("AccessDeniedException", Kind.ACCESS_DENIED),
          Map.entry("ResourceNotFoundException", Kind.NOT_FOUND),
          Map.entry("ConflictException", Kind.REFUSED));

  private BedrockFault() {}

  /**
   * The fault a response with an error status stands for.
   *
   * @param name the exception's name as the wire has it, possibly with a namespace before {@code #}
   *     or an address after {@code :}; empty when there is none
   * @param retryAfter the header of that name
   */
  static Fault ofStatus(int status, String name, Optional<String> retryAfter) {
    String plain = plain(name);
    return new Fault(
        Optional.ofNullable(KINDS.get(plain)).orElseGet(() -> kind(status)),
        plain.isEmpty() ? "Http" + status : plain,
        retryAfter.flatMap(BedrockFault::seconds));
  }

  /** The fault an exception frame stands for: its {@code :exception-type} in camel case. */
  static Fault ofFrame(String type) {
    String name =
        type.isEmpty() ? "" : type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
    String plain = plain(name);
    return Fault.of(
        KINDS.getOrDefault(plain, Kind.INTERNAL), plain.isEmpty() ? "ErrorFrame" : plain);
  }

  private static Kind kind(int status) {
    return switch (status) {
      case 400 -> Kind.INVALID;
      case 401, 403 -> Kind.ACCESS_DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 408 -> Kind.MODEL_TIMEOUT;
      case 424 -> Kind.MODEL_ERROR;
      case 429 -> Kind.THROTTLED;
      case 503 -> Kind.UNAVAILABLE;
      default -> status >= 400 && status < 500 ? Kind.REFUSED : Kind.INTERNAL;
    };
  }

  private static String plain(String name) {
    String local = name.substring(name.indexOf('#') + 1);
    int colon = local.indexOf(':');
    String plain = (colon < 0 ? local : local.substring(0, colon)).strip();
    boolean isName =
        plain.length() <= LONGEST_NAME
            && plain.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
    return isName ? plain : "";
  }

  private static Optional<Duration> seconds(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Integer.parseUnsignedInt(header.strip())))
          .filter(wait -> !wait.isNegative());
    } catch (NumberFormatException e) {
      return Optional.empty(); // an HTTP date, which Bedrock does not send
    }
  }
}
