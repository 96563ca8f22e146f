package dev.weir.guard;

import java.util.Locale;

/** What becomes of what a rule finds. */
public enum Action {
  /** The request is refused, or the answer ended. */
  BLOCK,
  /** A placeholder takes its place. */
  MASK;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
