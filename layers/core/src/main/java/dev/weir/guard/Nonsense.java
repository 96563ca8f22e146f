package dev.weir.guard;

import java.util.List;

/**
 * Text that asks nothing and only costs: one short piece repeated for pages, random printable
 * characters, bytes that are no text. Base64, hexadecimal, URLs, code and CJK are none of these.
 */
final class Nonsense implements Detector {

  /** A piece of at most {@link #PERIOD} characters, over and over for so many. */
  private static final int REPEATED = 4_096;

  private static final int PERIOD = 64;

  /** Random characters without a space, so many at least. */
  private static final int RANDOM = 400;

  private static final double RANDOM_BITS = 5.9;
  private static final double RANDOM_MARKS = 0.15;

  /** In every so many characters a third that are none. */
  private static final int BLOCK = 512;

  private static final double JUNK = 0.33;

  @Override
  public Scan scan(String text, int from, boolean isEnd) {
    boolean found = isEnd && (isRepeated(text) || isRandom(text) || isJunk(text));
    return new Scan(
        found ? List.of(new Span(from, text.length(), "[NONSENSE]")) : List.of(), text.length());
  }

  @Override
  public String definition() {
    return "nonsense#%d#%d#%d#%s#%s#%d#%s"
        .formatted(REPEATED, PERIOD, RANDOM, RANDOM_BITS, RANDOM_MARKS, BLOCK, JUNK);
  }

  /** Every run that is long enough holds one of the places looked at, and goes on from there. */
  private static boolean isRepeated(String text) {
    for (int at = REPEATED / 2; at < text.length(); at += REPEATED / 2) {
      for (int period = 1; period <= PERIOD; period++) {
        if (run(text, at, period) >= REPEATED) {
          return true;
        }
      }
    }
    return false;
  }

  /** How long the text around a place repeats itself with this period; 0 when it does not. */
  private static int run(String text, int at, int period) {
    int begin = at;
    while (begin >= period
        && begin > at - REPEATED
        && text.charAt(begin) == text.charAt(begin - period)) {
      begin--;
    }
    if (at - begin < PERIOD) {
      return 0;
    }
    int end = at;
    while (end < text.length()
        && end < at + REPEATED
        && text.charAt(end) == text.charAt(end - period)) {
      end++;
    }
    return end - begin + period;
  }

  private static boolean isRandom(String text) {
    int begin = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        if (i - begin >= RANDOM && isRandom(text, begin, i)) {
          return true;
        }
        begin = i + 1;
      } else if (i - begin == BLOCK * 4) {
        if (isRandom(text, begin, i)) {
          return true;
        }
        begin = i;
      }
    }
    return false;
  }

  private static boolean isRandom(String text, int begin, int end) {
    int[] counts = new int[128];
    int marks = 0;
    for (int i = begin; i < end; i++) {
      counts[text.charAt(i)]++;
      marks += Character.isLetterOrDigit(text.charAt(i)) ? 0 : 1;
    }
    double length = end - begin;
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        bits -= count / length * Math.log(count / length) / Math.log(2);
      }
    }
    return bits >= RANDOM_BITS && marks / length >= RANDOM_MARKS;
  }

  private static boolean isJunk(String text) {
    int junk = 0;
    for (int i = 0; i < text.length(); i++) {
      junk += isNone(text.charAt(i)) ? 1 : 0;
      if (i % BLOCK == BLOCK - 1) {
        if (junk > BLOCK * JUNK) {
          return true;
        }
        junk = 0;
      }
    }
    return false;
  }

  private static boolean isNone(char c) {
    if (c < ' ') {
      return c != '\n' && c != '\t' && c != '\r' && c != '\f';
    }
    return (c >= 0x7f && c < 0xa0)
        || c == 0xfffd
        || Character.getType(c) == Character.PRIVATE_USE
        || Character.getType(c) == Character.UNASSIGNED;
  }
}
