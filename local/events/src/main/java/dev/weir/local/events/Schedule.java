package dev.weir.local.events;

import java.time.Instant;
import java.util.Optional;

/** When a rule runs by itself ("Setting a schedule pattern for scheduled rules"), in UTC. */
public sealed interface Schedule permits Rate, Cron {

  /**
   * Reads {@code rate(5 minutes)} or {@code cron(0 12 * * ? *)}.
   *
   * @throws IllegalArgumentException it is neither
   */
  static Schedule read(String expression) {
    return expression.startsWith("rate(") ? Rate.read(expression) : Cron.read(expression);
  }

  /**
   * The next time, or empty when there is none left.
   *
   * @param after the time before it: when the rule was made, or when it last ran
   */
  Optional<Instant> next(Instant after);
}
