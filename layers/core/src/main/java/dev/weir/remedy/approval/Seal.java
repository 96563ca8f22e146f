package dev.weir.remedy.approval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes ids and signatures with one key (HMAC-SHA256, FIPS 198-1). */
final class Seal {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int ID_BYTES = 20;

  private final byte[] key;

  /**
   * @param key random, 32 bytes
   */
  Seal(byte[] key) {
    this.key = key.clone();
  }

  /** The same for the same token, and not to be guessed by who has neither it nor the key. */
  String id(String token) {
    return HexFormat.of().formatHex(mac("id\n" + token), 0, ID_BYTES);
  }

  Link link(String id, long expiry) {
    return new Link(id, Long.toString(expiry), signature(id, Long.toString(expiry)));
  }

  /** Compares in constant time. */
  boolean holds(Link link) {
    return MessageDigest.isEqual(
        signature(link.id(), link.expiry()).getBytes(UTF_8), link.signature().getBytes(UTF_8));
  }

  private String signature(String id, String expiry) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(mac("link\n" + id + "\n" + expiry));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }
}
