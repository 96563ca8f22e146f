package dev.weir.tenant;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Whether a tenant's turns are kept in sessions, and how long at most.
 *
 * @param isAllowed whether they may be kept at all
 * @param idleHours after the last turn; absent: as the stack says
 * @param days after the first turn; absent: as the stack says
 */
public record SessionRule(boolean isAllowed, OptionalInt idleHours, OptionalInt days) {

  /** As the stack says. */
  public static final SessionRule STACK =
      new SessionRule(true, OptionalInt.empty(), OptionalInt.empty());

  private static final String IDLE = "idle";
  private static final String DAYS = "days";

  /** The most after the last turn. */
  public Optional<Duration> idle() {
    return idleHours.stream().mapToObj(Duration::ofHours).findFirst();
  }

  /** The most after the first turn. */
  public Optional<Duration> whole() {
    return days.stream().mapToObj(Duration::ofDays).findFirst();
  }

  /** As the tenant's item holds it, such as {@code on idle=24 days=7}. */
  String text() {
    return Stream.of(
            Stream.of(isAllowed ? "on" : "off"),
            idleHours.stream().mapToObj(hours -> IDLE + "=" + hours),
            days.stream().mapToObj(count -> DAYS + "=" + count))
        .flatMap(parts -> parts)
        .reduce((one, other) -> one + " " + other)
        .orElseThrow();
  }

  /** Reads {@link #text}. */
  static SessionRule of(String text) {
    String[] parts = text.split(" ", -1);
    Map<String, Integer> bounds = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] bound = parts[i].split("=", 2);
      bounds.put(bound[0], Integer.valueOf(bound[1]));
    }
    return new SessionRule(!parts[0].equals("off"), find(bounds, IDLE), find(bounds, DAYS));
  }

  private static OptionalInt find(Map<String, Integer> bounds, String name) {
    Integer found = bounds.get(name);
    return found == null ? OptionalInt.empty() : OptionalInt.of(found);
  }
}
