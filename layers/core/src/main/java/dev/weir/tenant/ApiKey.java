package dev.weir.tenant;

import dev.weir.hash.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A client's secret: {@code weir_} and 256 random bits in base64url. Only its hash is stored.
 * Comparison takes constant time and {@link #toString} hides the secret.
 */
public final class ApiKey {

  private static final int BYTES = 32;
  private static final String PREFIX = "weir_";
  private static final Pattern FORMAT = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private final String secret;

  private ApiKey(String secret) {
    this.secret = secret;
  }

  /** A new key. {@code random} must be a cryptographic generator outside tests. */
  public static ApiKey create(RandomGenerator random) {
    byte[] bits = new byte[BYTES];
    random.nextBytes(bits);
    return new ApiKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /** The key written as {@code text}, or nothing if it has not the form of a key. */
  public static Optional<ApiKey> parse(String text) {
    return FORMAT.matcher(text).matches() ? Optional.of(new ApiKey(text)) : Optional.empty();
  }

  /** The secret itself, to be shown once to its owner. */
  public String reveal() {
    return secret;
  }

  /** SHA-256 in lower-case hex: what is stored and looked up. */
  public String hash() {
    return HexFormat.of().formatHex(digest());
  }

  /** Whether {@code hash} is this key's hash, in constant time. */
  public boolean matches(String hash) {
    return MessageDigest.isEqual(
        hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
  }

  byte[] digest() {
    return Sha256.of(secret.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKey key && MessageDigest.isEqual(digest(), key.digest());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest());
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }
}
