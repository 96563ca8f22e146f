package dev.weir.remedy.idle;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;

/** What a resource's tags say about touching it. */
final class Standing {

  /** Never to be touched. */
  static final String EXCLUDE = "remediation:exclude";

  /** Never to be touched by a sweep. */
  static final String PROTECTED = "remediation:protected";

  /** Not to be touched before a time, ISO 8601 with its offset. */
  static final String PAUSE_UNTIL = "remediation:pause-until";

  private static final String NO = "false";

  private Standing() {}

  /** Why it must be left alone; empty where nothing says so. */
  static Optional<Verdict> leftAlone(Map<String, String> tags, Instant now) {
    for (String tag : new String[] {EXCLUDE, PROTECTED}) {
      if (!tags.getOrDefault(tag, NO).equals(NO)) {
        return Optional.of(Verdict.skip("PROTECTED", "it has the tag " + tag));
      }
    }
    return Optional.ofNullable(tags.get(PAUSE_UNTIL)).flatMap(until -> paused(until, now));
  }

  /** A time that cannot be read pauses for ever: somebody wanted a pause. */
  private static Optional<Verdict> paused(String until, Instant now) {
    try {
      Instant end = OffsetDateTime.parse(until).toInstant();
      return now.isBefore(end)
          ? Optional.of(Verdict.skip("PAUSED", "it is paused until " + end))
          : Optional.empty();
    } catch (DateTimeException unreadable) {
      return Optional.of(
          Verdict.skip("PAUSED", "it is paused until a time that cannot be read: " + until));
    }
  }
}
