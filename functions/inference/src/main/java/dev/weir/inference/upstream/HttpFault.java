package dev.weir.inference.upstream;

import dev.weir.model.Fault.Kind;
import java.time.Duration;
import java.util.Optional;

/** What the head of an error reply says, whichever AWS service it comes from. */
public final class HttpFault {
  private static final int LONGEST_NAME = 64;

  private HttpFault() {}

  /** What an error status alone says. */
  public static Kind kind(int status) {
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

  /**
   * An exception's plain name.
   *
   * @param wire as the wire has it, possibly with a namespace before {@code #} or an address after
   *     {@code :}
   * @return empty when it is no name
   */
  public static String name(String wire) {
    String local = wire.substring(wire.indexOf('#') + 1);
    int colon = local.indexOf(':');
    String plain = (colon < 0 ? local : local.substring(0, colon)).strip();
    boolean isName =
        plain.length() <= LONGEST_NAME
            && plain.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c));
    return isName ? plain : "";
  }

  /** The wait a {@code Retry-After} header asks for. */
  public static Optional<Duration> wait(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Integer.parseUnsignedInt(header.strip())))
          .filter(wait -> !wait.isNegative());
    } catch (NumberFormatException e) {
      return Optional.empty(); // an HTTP date, which AWS does not send
    }
  }
}
