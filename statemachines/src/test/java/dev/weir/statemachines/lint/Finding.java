package dev.weir.statemachines.lint;

/**
 * Something wrong with a machine.
 *
 * @param state the state's name; a location where no state can be told
 * @param rule the rule that says so
 */
public record Finding(String state, String rule, String message) {
  @Override
  public String toString() {
    return state + ": " + message + " [" + rule + "]";
  }
}
