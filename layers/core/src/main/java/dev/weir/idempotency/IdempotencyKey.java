package dev.weir.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.hash.Sha256;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A client's {@code Idempotency-Key} (IETF draft "The Idempotency-Key HTTP Header Field") within
 * its tenant, and the request it was sent with.
 *
 * @param name tenant and SHA-256 of the key's text: the text itself is kept nowhere
 * @param request SHA-256 of the request's body
 */
public record IdempotencyKey(String name, Fingerprint request) {

  /** Longest key taken, in characters. */
  public static final int LONGEST = 255;

  /** A SHA-256. */
  public static final class Fingerprint {
    static final int BYTES = 32;

    private final byte[] bytes;

    private Fingerprint(byte[] bytes) {
      this.bytes = bytes;
    }

    static Fingerprint of(byte[] content) {
      return new Fingerprint(Sha256.of(content));
    }

    /** This, with what belongs to it behind it. */
    byte[] followedBy(byte[] rest) {
      byte[] all = Arrays.copyOf(bytes, BYTES + rest.length);
      System.arraycopy(rest, 0, all, BYTES, rest.length);
      return all;
    }

    boolean begins(byte[] value) {
      return value.length >= BYTES && Arrays.equals(bytes, 0, BYTES, value, 0, BYTES);
    }

    @Override
    public String toString() {
      return HexFormat.of().formatHex(bytes);
    }
  }

  /** Whether this is 1 to {@link #LONGEST} visible ASCII characters. */
  public static boolean isValid(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().allMatch(character -> character > ' ' && character < 127);
  }

  /**
   * The key of one request.
   *
   * @throws IllegalArgumentException when the text is not valid
   */
  public static IdempotencyKey of(String tenantId, String text, byte[] body) {
    return of(tenantId, text, body, "");
  }

  /**
   * The key of one request.
   *
   * @param guards the versions of the guards that judge it and its answer: under others the same
   *     text is another key
   * @throws IllegalArgumentException when the text is not valid
   */
  public static IdempotencyKey of(String tenantId, String text, byte[] body, String guards) {
    if (!isValid(text)) {
      throw new IllegalArgumentException("not an idempotency key");
    }
    String all = guards.isEmpty() ? text : text + " " + guards;
    return new IdempotencyKey(
        tenantId + "#key#" + Fingerprint.of(all.getBytes(UTF_8)), Fingerprint.of(body));
  }
}
