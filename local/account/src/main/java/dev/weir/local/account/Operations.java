package dev.weir.local.account;

/** Names of operations. */
final class Operations {
  private Operations() {}

  /** An action as state machines spell it, the way its API does. */
  static String name(String action) {
    return Character.toUpperCase(action.charAt(0)) + action.substring(1);
  }
}
