package dev.weir.local.events;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schedule of equal distances from when its rule was made. */
record Rate(Duration period) implements Schedule {
  private static final Pattern SYNTAX =
      Pattern.compile("rate\\(([1-9][0-9]{0,8}) (minute|hour|day)(s?)\\)");

  static Rate read(String expression) {
    Matcher match = SYNTAX.matcher(expression);
    if (!match.matches() || match.group(1).equals("1") == match.group(3).equals("s")) {
      throw new IllegalArgumentException("no rate such as rate(5 minutes): " + expression);
    }
    ChronoUnit unit =
        switch (match.group(2)) {
          case "minute" -> ChronoUnit.MINUTES;
          case "hour" -> ChronoUnit.HOURS;
          default -> ChronoUnit.DAYS;
        };
    return new Rate(Duration.of(Long.parseLong(match.group(1)), unit));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(after.plus(period));
  }
}
