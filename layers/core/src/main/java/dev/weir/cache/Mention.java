package dev.weir.cache;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells English questions that may be about words themselves: there another spelling is another
 * question, as three has five letters and 3 has none. Whatever is in doubt is one: a missed hit
 * costs less than a wrong answer.
 */
final class Mention {

  /** Who asks for it means the text itself, in a question as in a system prompt. */
  private static final String OF_TEXTS =
      """
      translat\\w* translit\\w* transcri\\w* spell(?:ed|s)? pronounc\\w* proofread\\w* rephras\\w*
      paraphras\\w* rewrit\\w* reword\\w* capitali[sz]\\w* uppercase lowercase encod\\w* decod\\w*
      revers\\w*
      """;

  private static final String OF_WORDS =
      """
      (?<!cover.)letters? characters? syllab\\w* digits? numerals? alphabet\\w* vowels? consonants?
      capitals upper-?case lower-?case spelling spelt counts? counted counting rhym\\w*
      pronunciation accents? aloud sounds.like sayings? says? said phrases? quot\\w* verbatim
      literal\\w* repeat\\w* echo print write.(?:out|down) written handwrit\\w*
      (?:answer|reply|respond).with correct\\w* gramma\\w*
      abbreviat\\w* acronyms? initials stands?.for short.for synonym\\w* antonym\\w* homo(?:nym|phon)\\w*
      opposite thesaurus etymolog\\w* defin(?:e|es|ed|ing|itions?) plurals? singular tense conjugat\\w*
      (?:ad|pro)?verbs? (?:pro)?nouns? adjectives? prepositions? articles? apostroph\\w* commas? hyphen\\w*
      punctuat\\w* contractions? prefix\\w* suffix\\w* anagram\\w* palindrom\\w* backwards? (?:the|of).strings?
      substrings? regex\\w* hash\\w* cipher\\w* encrypt\\w* decrypt\\w* morse base64 ascii unicode
      binary hexadecimal (?<!(?:\\d|own|few|other|short|one|two|three|four|five|ten).)(?:words?|sentences?)
      (?:in|into|to).(?:english|french|german|spanish|italian|portuguese|dutch|latin|greek|russian|polish)
      (?:in|into|to).(?:turkish|arabic|hebrew|hindi|chinese|mandarin|japanese|korean|swedish)
      """;

  private static final Pattern TEXTS = anyOf(OF_TEXTS);
  private static final Pattern WORDS = anyOf(OF_TEXTS + OF_WORDS);

  /**
   * Words of grammar where none can be used: "an or a", "between is and are", "do I use which?".
   */
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<![\\w'])(?:an?|is|are|am|do|does|which|what|can(?:no|')t|won't)[\"',]? (?:and|or|vs\\.?|versus|mean)\\b"
              + "|\\b(?:of|between|use|from|than) (?:is|are|am)\\b"
              + "|\\buse (?:an?|which|what|do|does)\\W*$");

  private static final Pattern MEANING = Pattern.compile("\\bmean(?:s|ings?)?\\b");

  /** A word that has another spelling, but for the first of a question. */
  private static final Pattern RESPELT =
      Pattern.compile(
          "(?<=[\\s(])(?:\\w+'\\w+|cannot|"
              + String.join("|", SlotWords.SYNONYM.keySet())
              + ")\\b|[€£$%]");

  private Mention() {}

  /**
   * Whether a question is about words, or may be.
   *
   * @param instructions the system prompts before it, empty without
   */
  static boolean isIn(String question, String instructions) {
    String small = question.toLowerCase(Locale.ROOT).replace('’', '\'');
    return WORDS.matcher(small).find()
        || GRAMMAR.matcher(small).find()
        || (MEANING.matcher(small).find() && RESPELT.matcher(small).find())
        || TEXTS.matcher(instructions.toLowerCase(Locale.ROOT)).find();
  }

  private static Pattern anyOf(String words) {
    return Pattern.compile("\\b(?:" + String.join("|", words.strip().split("\\s+")) + ")\\b");
  }
}
