package dev.weir.cache;

import dev.weir.hash.Sha256;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a question asks: all its words, numbers, signs and quoted strings in their order, in the
 * form {@link SlotWords} gives them. Two questions may be the same one only if this is equal,
 * however near their vectors are: one word is enough to ask for something else. In other languages
 * than English each word counts as written, and of a question about words ({@link Mention}) the
 * whole text. Pure.
 *
 * @param digest 32 hexadecimal digits; nothing of the text is held
 */
record Slots(String digest) {

  private static final Pattern TOKEN =
      Pattern.compile(
          "[\"“„«](?<quote>[^\"”“»]{1,200})[\"”“»]"
              + "|(?<!\\p{L})['‘`](?<single>[^'’`]{1,200})['’`](?!\\p{L})"
              + "|(?<number>[.,]?\\p{Nd}+(?:[.,:]\\p{Nd}+){0,6})"
              + "|(?<word>\\p{L}[\\p{L}\\p{M}]*(?:['’\\-+#]\\p{L}+){0,6}[+#]*)"
              + "|(?<end>[.?]+(?=\\s|$)|\\n)"
              + "|(?<sign>\\S)");

  /**
   * Reads a question.
   *
   * @param instructions the system prompts before it, empty without
   */
  static Slots of(String text, String instructions) {
    String asked =
        Mention.isIn(text, instructions) ? text.strip() : SlotWords.rewritten(tokens(text));
    return new Slots(Sha256.hex(asked).substring(0, 32));
  }

  /** Each token with a space on either side. */
  private static String tokens(String text) {
    StringBuilder tokens = new StringBuilder(" ");
    boolean isFirst = true;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      String read = read(token, isFirst);
      tokens.append(read).append(' ');
      isFirst = read.equals(".") || read.equals("!");
    }
    return tokens.toString();
  }

  /** A token in its one form; the end of a sentence is a full stop. */
  private static String read(Matcher token, boolean isFirst) {
    if (token.group("end") != null) {
      return ".";
    }
    if (token.group("word") != null) {
      return word(token.group().replace('’', '\''), isFirst);
    }
    String inside = token.group("quote") == null ? token.group("single") : token.group("quote");
    return inside == null ? token.group() : "\"" + inside.strip().replaceAll("\\s+", "\0");
  }

  /** A name keeps its capitals: Polish is not polish, nor MB Mb. */
  private static String word(String written, boolean isFirst) {
    String small = written.toLowerCase(Locale.ROOT);
    boolean isName =
        !small.equals(written)
            && !small.equals("i")
            && !small.startsWith("i'")
            && !(isFirst && written.substring(1).equals(small.substring(1)));
    return isName ? written : SlotWords.SYNONYM.getOrDefault(small, small);
  }
}
