package dev.weir.guard;

/** Escapes in what resembles JSON, read as leniently as any reader of it might. */
final class Escapes {

  private Escapes() {}

  /** The text with every escape read, wherever it stands; the text itself where there is none. */
  static String read(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder read = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c != '\\') {
        read.append(c);
        continue;
      }
      while (i < text.length() && text.charAt(i) == '\\') {
        i++;
      }
      if (i < text.length()) {
        i = one(text, i, read);
      }
    }
    return read.toString();
  }

  /** Reads what follows a backslash and says where to go on. */
  private static int one(String text, int at, StringBuilder read) {
    char kind = text.charAt(at);
    int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
    if (digits > 0 && isHex(text, at + 1, at + 1 + digits)) {
      read.append((char) Integer.parseInt(text, at + 1, at + 1 + digits, 16));
      return at + 1 + digits;
    }
    switch (kind) {
      case 'b', 'f', 'n', 'r', 't' -> read.append('\n');
      case '\n', '\r' -> {} // the line goes on
      default -> read.append(kind);
    }
    return at + 1;
  }

  private static boolean isHex(String text, int begin, int end) {
    return end <= text.length()
        && text.substring(begin, end).chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
  }
}
