package dev.weir.operations;

import dev.weir.killswitch.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each alarm or AWS budget turns off: {@code NAME=SWITCH}, separated by commas. */
final class SwitchOffRules {

  /** Stands before the name of an AWS budget. */
  static final String BUDGET = "budget/";

  private SwitchOffRules() {}

  /**
   * Reads the rules.
   *
   * @throws IllegalArgumentException naming the rule that is none
   */
  static Map<String, Target> parse(String text) {
    Map<String, Target> rules = new LinkedHashMap<>();
    for (String rule : text.split(",")) {
      if (!rule.isBlank()) {
        int sign = rule.lastIndexOf('=');
        if (sign < 1) {
          throw new IllegalArgumentException(
              "WEIR_SWITCH_OFF_RULES: NAME=SWITCH was expected, not " + rule);
        }
        rules.put(rule.substring(0, sign).strip(), Target.parse(rule.substring(sign + 1).strip()));
      }
    }
    return rules;
  }
}
