package dev.weir.inference.bedrock;

import dev.weir.inference.upstream.HttpFault;
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
   */
  static Fault ofStatus(int status, String name, Optional<Duration> retryAfter) {
    String plain = HttpFault.name(name);
    return new Fault(
        Optional.ofNullable(KINDS.get(plain)).orElseGet(() -> HttpFault.kind(status)),
        plain.isEmpty() ? "Http" + status : plain,
        retryAfter);
  }

  /** The fault an exception frame stands for: its {@code :exception-type} in camel case. */
  static Fault ofFrame(String type) {
    String name =
        type.isEmpty() ? "" : type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
    String plain = HttpFault.name(name);
    return Fault.of(
        KINDS.getOrDefault(plain, Kind.INTERNAL), plain.isEmpty() ? "ErrorFrame" : plain);
  }
}
