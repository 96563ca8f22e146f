package dev.weir.cache;

import dev.weir.hash.Sha256;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What two questions must have in common to be the same question, however near their vectors are:
 * the multisets of numbers, units, negations and other words whose exchange turns the sense, names,
 * dates and quoted strings; and the order of the words both use. Knows English; what it cannot tell
 * apart in other languages is left to the threshold. Holds digests only, nothing of the text. Pure.
 *
 * @param fixed digest of what must be equal, 32 hexadecimal digits
 * @param words 16-bit digests of the words that carry meaning, in order
 */
record Slots(String fixed, List<Integer> words) {

  /** The most words of a question that is looked up. */
  static final int MOST_WORDS = 128;

  private static final Pattern QUOTED =
      Pattern.compile(
          "[\"“„«]([^\"”“»]{1,200})[\"”“»]|(?<!\\p{L})['‘`]([^'’`]{1,200})['’`](?!\\p{L})");
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<number>\\p{Nd}+(?:[.,:]\\p{Nd}+){0,6})|(?<word>\\p{L}[\\p{L}\\p{M}]*(?:['’\\-+#]\\p{L}+){0,6}[+#]*)"
              + "|(?<sign>[%$€£°<>≤≥=])|(?<end>[.!?;:\\n])");
  private static final Pattern PREFIXED =
      Pattern.compile("(?:un|in|im|il|ir|dis|non|mis)\\p{L}{4,}");
  private static final Set<String> PREPOSED = Set.of("$", "€", "£");
  private static final Map<String, String> SIGNS =
      Map.of("%", "%", "$", "$", "€", "EUR", "£", "GBP", "°", "deg");

  /** Reads a question. */
  static Slots of(String text) {
    return new Reader().read(text);
  }

  /** Whether both may be the same question. */
  boolean agree(Slots other) {
    return fixed.equals(other.fixed) && !isTurned(words, other.words);
  }

  /** Whether two words that each use once stand the other way round. */
  private static boolean isTurned(List<Integer> a, List<Integer> b) {
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < b.size(); i++) {
      places.merge(b.get(i), i, (_, _) -> -1);
    }
    int last = -1;
    for (Integer word : a) {
      int place = places.getOrDefault(word, -1);
      if (place >= 0 && a.indexOf(word) == a.lastIndexOf(word)) {
        if (place < last) {
          return true;
        }
        last = place;
      }
    }
    return false;
  }

  private static final class Reader {
    private final List<String> fixed = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private boolean isFirst = true;
    private Optional<String> pending = Optional.empty();

    Slots read(String text) {
      Matcher quoted = QUOTED.matcher(text);
      StringBuilder rest = new StringBuilder();
      while (quoted.find()) {
        String inside = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
        fixed.add("quote " + inside.strip());
        quoted.appendReplacement(rest, " ");
      }
      quoted.appendTail(rest);
      Matcher token = TOKEN.matcher(rest);
      while (token.find()) {
        if (token.group("number") != null) {
          number(token.group("number"));
        } else if (token.group("word") != null) {
          word(token.group("word"));
        } else if (token.group("sign") != null) {
          sign(token.group("sign"));
        }
        isFirst = token.group("end") != null;
      }
      flush();
      return new Slots(
          Sha256.hex(fixed.stream().sorted().collect(Collectors.joining("\n"))).substring(0, 32),
          words.stream()
              .map(word -> Integer.parseInt(Sha256.hex(word).substring(0, 4), 16))
              .toList());
    }

    /** A currency's sign is written before its number and said after it. */
    private void sign(String sign) {
      flush();
      if (PREPOSED.contains(sign)) {
        pending = Optional.of(sign);
      } else {
        add("sign", SIGNS.getOrDefault(sign, sign));
      }
    }

    private void flush() {
      pending.ifPresent(sign -> add("sign", SIGNS.getOrDefault(sign, sign)));
      pending = Optional.empty();
    }

    private void number(String digits) {
      String plain =
          digits.matches("\\d{1,3}(,\\d{3})+(\\.\\d+)?") ? digits.replace(",", "") : digits;
      add(
          "number",
          plain.matches("\\d+(\\.\\d+)?")
              ? new BigDecimal(plain).stripTrailingZeros().toPlainString()
              : plain);
      flush();
    }

    private void word(String token) {
      flush();
      String written = token.replaceAll("['’]s$", "");
      String small = written.toLowerCase(Locale.ROOT).replace('’', '\'');
      String single = singular(small);
      boolean isName =
          !small.equals("i")
              && !small.startsWith("i'")
              && Character.isUpperCase(written.charAt(0))
              && (!isFirst
                  || (written.length() > 1 && written.equals(written.toUpperCase(Locale.ROOT))));
      if (small.endsWith("n't") || SlotWords.NEGATION.contains(small)) {
        fixed.add("negation");
      } else if (isName || SlotWords.NAME.contains(small)) {
        add("name", small);
      } else if (SlotWords.UNIT.containsKey(small) || SlotWords.UNIT.containsKey(single)) {
        add("sign", SlotWords.UNIT.getOrDefault(small, SlotWords.UNIT.getOrDefault(single, small)));
      } else if (SlotWords.NUMBER.containsKey(small)) {
        add("number", SlotWords.NUMBER.getOrDefault(small, small));
      } else if (SlotWords.POLAR_WORDS.contains(small) || SlotWords.POLAR_WORDS.contains(single)) {
        fixed.add("polar " + (SlotWords.POLAR_WORDS.contains(small) ? small : single));
      } else if (PREFIXED.matcher(small).matches() && !SlotWords.NO_PREFIX.contains(small)) {
        add("prefix", single);
      } else if (!SlotWords.EMPTY_WORDS.contains(small)) {
        words.add(stem(small));
      }
    }

    private void add(String kind, String value) {
      fixed.add(kind + " " + value);
      words.add(value);
    }
  }

  private static String singular(String word) {
    return word.length() > 3 && word.endsWith("s") && !word.endsWith("ss")
        ? word.substring(0, word.length() - 1)
        : word;
  }

  /** Cuts the commonest English endings; only ever compared with itself. */
  private static String stem(String word) {
    String stem = singular(word);
    for (String ending : List.of("ing", "ed", "ly", "e", "y")) {
      if (stem.length() > ending.length() + 2 && stem.endsWith(ending)) {
        stem = stem.substring(0, stem.length() - ending.length());
        break;
      }
    }
    return stem.length() > 3 && stem.charAt(stem.length() - 1) == stem.charAt(stem.length() - 2)
        ? stem.substring(0, stem.length() - 1)
        : stem;
  }
}
