package dev.weir.remedy.rule;

/** A limit of an action, as the guard knows it, with the values it may have. */
public enum Bound {
  IN_FLIGHT("inFlight", 0, 100),
  PER_HOUR("perHour", 0, 1_000),
  UNHEALTHY_PERCENT("unhealthyPercent", 0, 100),
  ATTEMPTS("attempts", 0, 100),
  WINDOW_SECONDS("windowSeconds", 60, 2_592_000),
  COOLDOWN_SECONDS("cooldownSeconds", 0, 604_800);

  private final String text;
  private final long least;
  private final long most;

  Bound(String text, long least, long most) {
    this.text = text;
    this.least = least;
    this.most = most;
  }

  /** As the table has it. */
  public String text() {
    return text;
  }

  public long least() {
    return least;
  }

  public long most() {
    return most;
  }
}
