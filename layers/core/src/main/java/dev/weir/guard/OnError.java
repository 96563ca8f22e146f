package dev.weir.guard;

import java.util.Locale;

/** What happens to a text that a guard could not judge. */
public enum OnError {
  /** It does not pass. */
  CLOSED,
  /** It passes, and the bypass is counted and recorded. */
  OPEN;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
