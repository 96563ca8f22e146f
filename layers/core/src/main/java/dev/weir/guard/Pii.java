package dev.weir.guard;

import java.util.List;
import org.apache.commons.validator.routines.EmailValidator;
import org.apache.commons.validator.routines.IBANValidator;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;

/**
 * Personal data that a checksum or a numbering plan can confirm. Names, addresses and dates need a
 * model: Bedrock Guardrails has one.
 */
final class Pii {

  private static final int SHORTEST_IBAN = 15;

  /** Groups of digits a scan asks the numbering plans about; more of them are masked unasked. */
  private static final int MOST_PHONES = 5_000;

  private Pii() {}

  /**
   * @param phoneRegions ISO 3166 regions whose national phone numbers count; international ones
   *     always do
   */
  static List<Detector> detectors(List<String> phoneRegions) {
    Phones phones = new Phones(phoneRegions);
    return List.of(
        new PatternDetector(
            "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}"
                + "(?![A-Za-z0-9-])",
            620,
            match -> "[EMAIL]",
            match -> EmailValidator.getInstance().isValid(match) ? match.length() : 0),
        new PatternDetector(
            "(?<![0-9A-Za-z])[2-6]\\d{3}(?:[ -]?\\d){8,15}(?![0-9A-Za-z])",
            40, match -> "[CARD]", Pii::card),
        new PatternDetector(
            "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30}(?![a-z0-9])",
            68, match -> "[IBAN]", Pii::iban),
        new PatternDetector(
            "(?<![0-9A-Za-z-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![0-9A-Za-z-])",
            14, "[SSN]"),
        new PatternDetector(
            "(?<![A-Za-z0-9+.,/-])(?:\\+\\d{1,15}|\\(\\d{1,5}\\)\\d{0,8}|\\d{1,5})"
                + "(?:[ .-]{1,2}(?:\\(\\d{1,4}\\))?\\d{1,8}){0,5}(?![A-Za-z0-9])",
            110,
            match -> "[PHONE]",
            phones::accepted,
            MOST_PHONES));
  }

  private static int card(String match) {
    String digits = match.replace(" ", "").replace("-", "");
    return LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(digits) ? match.length() : 0;
  }

  /** The country says how long it is; what follows may be a word in capitals. */
  private static int iban(String match) {
    IBANValidator validator = IBANValidator.getInstance();
    IBANValidator.Validator country = validator.getValidator(match.substring(0, 2));
    if (country == null || country.getIbanLength() < SHORTEST_IBAN) {
      return 0;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < match.length(); i++) {
      if (match.charAt(i) != ' ') {
        plain.append(match.charAt(i));
      }
      if (plain.length() == country.getIbanLength()) {
        return validator.isValid(plain.toString()) ? i + 1 : 0;
      }
    }
    return 0;
  }
}
