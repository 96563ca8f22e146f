package dev.weir.states;

import java.util.regex.Pattern;

/** Names of machines and executions (API reference, CreateStateMachine, StartExecution). */
final class Names {
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\s<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/\\p{Cntrl}\\uFFFE\\uFFFF\\p{Cs}]");

  private Names() {}

  /**
   * The name.
   *
   * @throws StatesException InvalidName
   */
  static String checked(String name) {
    if (name.isEmpty() || name.length() > 80 || FORBIDDEN.matcher(name).find()) {
      throw new StatesException("InvalidName", "Invalid Name: '" + name + "'");
    }
    return name;
  }
}
