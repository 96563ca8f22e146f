package dev.weir.guard;

import java.util.Locale;

/** Which way a text goes. */
public enum Direction {
  /** From the client to the model. */
  INPUT,
  /** From the model to the client. */
  OUTPUT;

  /** As headers, rows and declarations have it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
