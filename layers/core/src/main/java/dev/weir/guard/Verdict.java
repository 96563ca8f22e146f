package dev.weir.guard;

import java.util.Set;

/** What a guard makes of a text. */
public sealed interface Verdict {

  /** What may go on: the text itself, the masked one, or what stood before the blocked place. */
  String text();

  /** Nothing was found. */
  record Allowed(String text) implements Verdict {}

  /**
   * Something was found and replaced.
   *
   * @param rules which rules found it
   */
  record Masked(String text, Set<String> rules) implements Verdict {}

  /**
   * Something was found that must not pass, nor anything after it.
   *
   * @param text what stood before it, masked where need be
   * @param rule which rule found it
   */
  record Blocked(String text, String rule) implements Verdict {}
}
