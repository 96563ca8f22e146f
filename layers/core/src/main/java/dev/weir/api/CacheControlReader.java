package dev.weir.api;

import dev.weir.api.ChatRequest.CachePoint;
import dev.weir.api.ChatRequest.CachePoint.Ttl;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code cache_control}: {@code {"type": "ephemeral", "ttl": "5m"}}. */
final class CacheControlReader {
  static final String FIELD = "cache_control";
  private static final Set<String> FIELDS = Set.of("type", "ttl");

  private CacheControlReader() {}

  /** The mark of one part, message or tool. */
  static Optional<CachePoint> read(Fields marked) {
    return marked.object(FIELD).map(control -> point(control.only(FIELDS)));
  }

  private static CachePoint point(Fields control) {
    if (!control.requiredString("type").equals("ephemeral")) {
      throw control.outOfRange("type", "'ephemeral'");
    }
    return switch (control.string("ttl").orElse("5m")) {
      case "5m" -> new CachePoint(Ttl.FIVE_MINUTES);
      case "1h" -> new CachePoint(Ttl.ONE_HOUR);
      default -> throw control.outOfRange("ttl", "'5m' or '1h'");
    };
  }

  /** Bedrock takes no longer lifetime after a shorter one. */
  static void refuseGrowth(List<CachePoint> points, Fields body) {
    boolean isShort = false;
    for (CachePoint point : points) {
      if (isShort && point.ttl() == Ttl.ONE_HOUR) {
        throw body.outOfRange(
            FIELD, "no 'ttl' of '1h' after one of '5m', in the order tools, system, messages");
      }
      isShort |= point.ttl() == Ttl.FIVE_MINUTES;
    }
  }
}
