package dev.weir.cache;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What may differ between two English questions that ask the same: spellings, politeness and a few
 * constructions that grammar makes equal. Whatever is in doubt is left out, plurals and synonyms
 * too: a missed hit costs less than a wrong answer.
 */
final class SlotWords {

  /** Numbers as words, units and their abbreviations, and other spellings of one word. */
  static final Map<String, String> SYNONYM =
      Arrays.stream(
              """
              zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12
              thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20
              thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90
              kilometre=km kilometres=km kilometer=km kilometers=km centimetre=cm centimetres=cm
              centimeter=cm centimeters=cm millimetre=mm millimetres=mm millimeter=mm millimeters=mm
              kilogram=kg kilograms=kg milligram=mg milligrams=mg percent=% dollar=$ dollars=$
              euro=€ euros=€ which=what an=a
              """
                  .split("\\s+"))
          .map(pair -> pair.split("=", 2))
          .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));

  private record Rewrite(Pattern from, String to) {}

  private static final String ASKS = "(?=(?:what|who|whose|how|why|where|when) )";

  /** Applied one after the other to words with a space on either side. */
  private static final List<Rewrite> REWRITES =
      List.of(
          rewrite("(?: \\.)++ $", " "),
          // Contractions and a currency's place.
          rewrite("(?<= )(?:can't|cannot)(?= )", "can not"),
          rewrite("(?<= )won't(?= )", "will not"),
          rewrite("n't(?= )", " not"),
          rewrite("(?<= (?:what|who|where|when|how|it|that|there))'s(?= )", " be"),
          rewrite("(?<= i)'m(?= )", " be"),
          rewrite("(?<= (?:you|we|they))'re(?= )", " be"),
          rewrite("(?<= i)'d(?= like )", " would"),
          rewrite("(?<= )(?:is|are|am)(?= )", "be"),
          rewrite("(?<= )([$€£]) (\\p{Nd}\\S*)(?= )", "$2 $1"),
          // Politeness, at either end only: it may be what is asked about.
          rewrite("^ (?:(?:hi|hello|hey|please)(?: [,.!])? ){1,3}", " "),
          rewrite("(?: ,)? please $", " "),
          rewrite("^ (?:can|could) you (?:please )?(?=(?:explain|(?:tell|give|show) me) )", " "),
          rewrite("^ i (?:would like|want) to know " + ASKS, " "),
          rewrite("^ (?:tell me|explain(?: to me)?) " + ASKS, " "),
          rewrite("^ (what|who|where) (?!be )(.+) be $", " $1 be $2 "),
          // The same question in another construction.
          rewrite("^ tell me the ", " what be the "),
          rewrite(
              "^ explain (?!(?:the|my|your|his|her|its|our|their|this|that|these|those|it|me) )"
                  + "((?:a )?\\p{Ll}+(?: \\p{Ll}+)?) $",
              " what be $1 "),
          rewrite("^ what be the meaning of (.+) $", " what $1 mean "),
          rewrite("^ how (?:do|can|may|might) i ", " how to "),
          rewrite("^ what be the (?:best |right )?way to ", " how to "),
          rewrite("^ where (?:do|can) i ", " where to "),
          rewrite("^ be it possible to ", " can i "),
          rewrite("^ for how long ", " how long "),
          rewrite("^ how much be (?=\\p{Nd}+ (?:%|times|plus|minus) )", " what be "),
          rewrite("^ (?:give me|show me|tell me|list|name) (?=\\p{Nd}+ )", " give "),
          rewrite("^ (?:give me|i would like) (?=a )", " give "),
          rewrite("^ how many (.+?) (?:do|does) (.+) have $", " how many $1 be in $2 "),
          rewrite("^ what (.+?) (?:do|does) (.+) have $", " what be the $1 of $2 "),
          rewrite(
              "^ what (\\p{Ll}+)( (?:in|on) .+)? be the (\\p{Ll}+est|most \\p{Ll}+)( (?:in|on) .+)? $",
              " what be the $3 $1$2$4 "),
          rewrite("^ what be the causes? of (.+) $", " what causes $1 "),
          rewrite("^ what be the reason (?:why|that) ", " why "),
          rewrite("^ how tall be ", " what be the height of "),
          rewrite("^ how old be ", " what be the age of "),
          rewrite("^ how fast be ", " what be the speed of "),
          rewrite("^ how much (?:do|does) (.+) weigh $", " what be the weight of $1 "),
          rewrite("^ how far be (.+) from ", " what be the distance of $1 from "),
          // The auxiliary of a question in the present.
          rewrite("(?<= )(?:do|does) ", ""));

  private SlotWords() {}

  /**
   * A question in the form all equal ones have.
   *
   * @param question its words with a space on either side
   */
  static String rewritten(String question) {
    String rewritten = question;
    for (Rewrite each : REWRITES) {
      rewritten = each.from().matcher(rewritten).replaceAll(each.to());
    }
    return rewritten;
  }

  private static Rewrite rewrite(String from, String to) {
    return new Rewrite(Pattern.compile(from), to);
  }
}
