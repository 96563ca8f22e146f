package dev.weir.route;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which model of a cascade a client asks for itself. */
public enum Tier {
  /** The small one, whatever the declared signals say. */
  SMALL("small"),
  /** The large one at once. */
  LARGE("large");

  private final String text;

  Tier(String text) {
    this.text = text;
  }

  /** The tier of this name. */
  public static Optional<Tier> find(String text) {
    return Arrays.stream(values()).filter(tier -> tier.text.equals(text)).findFirst();
  }

  /** Every name. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Tier::text).toList();
  }

  /** As requests have it. */
  public String text() {
    return text;
  }
}
