package dev.weir.remedy.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far an action may go. */
public enum Mode {
  OFF,
  DRY_RUN,
  APPROVE,
  AUTO;

  /** Their names, the least first. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Mode::text).toList();
  }

  /** The mode of this name, if there is one. */
  public static Optional<Mode> of(String text) {
    return Arrays.stream(values()).filter(mode -> mode.text().equals(text)).findFirst();
  }

  /** As the table has it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
