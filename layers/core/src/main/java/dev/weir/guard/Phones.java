package dev.weir.guard;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells phone numbers from other runs of digits by the numbering plans. The plans are loaded with
 * the first candidate, not before: they are large.
 */
final class Phones {

  private static final int FEWEST_DIGITS = 7;
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private final List<String> regions;

  Phones(List<String> regions) {
    this.regions = regions;
  }

  /** Length of the longest beginning of {@code match} that is a valid number; 0 for none. */
  int accepted(String match) {
    if (DATE.matcher(match).lookingAt()) {
      return 0;
    }
    for (int end = match.length(); end >= FEWEST_DIGITS; end = shorter(match, end)) {
      if (isValid(match.substring(0, end))) {
        return end;
      }
    }
    return 0;
  }

  /** The end of the digits before the last separator. */
  private static int shorter(String match, int end) {
    int at = end;
    while (at > 0 && Character.isDigit(match.charAt(at - 1))) {
      at--;
    }
    while (at > 0 && !Character.isDigit(match.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private boolean isValid(String text) {
    if (text.chars().filter(Character::isDigit).count() < FEWEST_DIGITS) {
      return false;
    }
    if (text.startsWith("+")) {
      return isValid(text, "ZZ");
    }
    boolean isGrouped = text.chars().anyMatch(c -> !Character.isDigit(c));
    return isGrouped && regions.stream().anyMatch(region -> isValid(text, region));
  }

  private static boolean isValid(String text, String region) {
    try {
      PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
      return plans.isValidNumber(plans.parse(text, region));
    } catch (NumberParseException e) {
      return false;
    }
  }
}
