package dev.weir.local.bedrock.guard;

import java.math.BigInteger;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One thing looked for in a text.
 *
 * @param policy which of Bedrock's policies reports it
 * @param type what it is reported as
 * @param pattern how it looks
 * @param valid tells the real ones among what looks so
 */
record Rule(Policy policy, String type, Pattern pattern, Predicate<String> valid) {

  /** Bedrock's policies this guardrail has. */
  enum Policy {
    /** Custom words: blocked, in questions and answers. */
    WORD,
    /** The prompt attack filter: blocked, in questions only. */
    CONTENT,
    /** Sensitive information: masked, in questions and answers. */
    SENSITIVE
  }

  private static final Predicate<String> ALWAYS = match -> true;

  static final List<Rule> ALL =
      List.of(
          new Rule(Policy.WORD, "", Pattern.compile("(?i)\\bweir-blocked-word\\b"), ALWAYS),
          new Rule(
              Policy.CONTENT,
              "PROMPT_ATTACK",
              Pattern.compile(
                  "(?i)\\b(?:ignore|disregard|forget)\\s+(?:all\\s+|any\\s+)?(?:of\\s+)?(?:the\\s+|your\\s+)?"
                      + "(?:previous|prior|above|earlier)\\s+(?:instructions|rules|prompts?)"
                      + "|\\b(?:reveal|print|repeat)\\s+(?:me\\s+)?(?:the|your)\\s+system\\s+prompt"),
              ALWAYS),
          new Rule(
              Policy.SENSITIVE,
              "EMAIL",
              Pattern.compile("\\b[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,4}\\b"),
              ALWAYS),
          new Rule(
              Policy.SENSITIVE,
              "CREDIT_DEBIT_CARD_NUMBER",
              Pattern.compile("\\b\\d(?:[ -]?\\d){12,18}\\b"),
              Rule::isLuhn),
          new Rule(
              Policy.SENSITIVE,
              "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
              Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b"),
              Rule::isIban),
          new Rule(
              Policy.SENSITIVE,
              "US_SOCIAL_SECURITY_NUMBER",
              Pattern.compile("\\b(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}\\b"),
              ALWAYS),
          new Rule(
              Policy.SENSITIVE,
              "IP_ADDRESS",
              Pattern.compile("\\b(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|\\b)){4}"),
              ALWAYS));

  private static boolean isLuhn(String match) {
    int sum = 0;
    String digits = match.replaceAll("\\D", "");
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit : 2 * digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }

  /** ISO 13616: letters become numbers, the first four move to the end, the rest mod 97 is 1. */
  private static boolean isIban(String match) {
    String plain = match.replace(" ", "");
    StringBuilder number = new StringBuilder();
    (plain.substring(4) + plain.substring(0, 4))
        .chars()
        .forEach(c -> number.append(Character.getNumericValue(c)));
    return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }
}
