package dev.weir.door;

import java.security.SecureRandom;
import java.util.function.Supplier;

/** Random ids. A restored snapshot must not repeat them, hence {@link SecureRandom}. */
public final class Ids {

  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

  private Ids() {}

  /** Request ids: {@code req_} and 24 characters, about 124 bits. */
  public static Supplier<String> requests(SecureRandom random) {
    return () -> "req_" + characters(random, 24);
  }

  /** Lease ids: short, because they are stored for the length of a call; about 51 bits. */
  public static Supplier<String> calls(SecureRandom random) {
    return () -> characters(random, 10);
  }

  /** Ids of audit segments; about 82 bits. */
  public static Supplier<String> segments(SecureRandom random) {
    return () -> characters(random, 16);
  }

  private static String characters(SecureRandom random, int count) {
    StringBuilder id = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
