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
 * @param request SHA-256 of the request
 * @param guards SHA-256 of the versions of what judges it and its answer
 */
public record IdempotencyKey(String name, Fingerprint request, Fingerprint guards) {

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

    /** Whether this is the value's {@code index}-th. */
    boolean isIn(byte[] value, int index) {
      int from = index * BYTES;
      return value.length >= from + BYTES
          && Arrays.equals(bytes, 0, BYTES, value, from, from + BYTES);
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
   * @param beside what makes the request beside its body: the same body means something else
   *     elsewhere
   * @param guards the versions of what judges it and its answer
   * @throws IllegalArgumentException when the text is not valid
   */
  public static IdempotencyKey of(
      String tenantId, String text, String beside, byte[] body, String guards) {
    if (!isValid(text)) {
      throw new IllegalArgumentException("not an idempotency key");
    }
    return new IdempotencyKey(
        tenantId + "#key#" + Fingerprint.of(text.getBytes(UTF_8)),
        Fingerprint.of(Fingerprint.of(beside.getBytes(UTF_8)).followedBy(body)),
        Fingerprint.of(guards.getBytes(UTF_8)));
  }

  /** What is kept for it, with this answer; an empty one while there is none. */
  byte[] value(byte[] answer) {
    return request.followedBy(guards.followedBy(answer));
  }

  /** The answer in a value. */
  static byte[] answer(byte[] value) {
    return Arrays.copyOfRange(value, 2 * Fingerprint.BYTES, value.length);
  }

  /** Whether the value is of the same request. */
  boolean isOf(byte[] value) {
    return request.isIn(value, 0);
  }

  /** Whether what the value holds was judged as this request is. */
  boolean isJudgedAlike(byte[] value) {
    return guards.isIn(value, 1);
  }

  /** Where the answer under these guards is kept when the first one was under others. */
  IdempotencyKey underGuards() {
    return new IdempotencyKey(name + "#" + guards, request, guards);
  }
}
