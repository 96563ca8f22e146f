package dev.weir.local.sagemaker.metric;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One metric's values: by minute for 15 days, then by hour for 455, as CloudWatch keeps them (the
 * 5-minute values it keeps for 63 days are left out).
 */
final class Series {
  private static final Duration MINUTES_KEPT = Duration.ofDays(15);
  private static final Duration HOURS_KEPT = Duration.ofDays(455);
  private static final int SLACK = 24 * 60;

  private final NavigableMap<Long, Bucket> minutes = new TreeMap<>();
  private final NavigableMap<Long, Bucket> hours = new TreeMap<>();

  /** The bucket of a moment, to add values to. */
  Bucket at(Instant moment, Instant now) {
    if (minutes.size() > MINUTES_KEPT.toMinutes() + SLACK) {
      rollUp(now);
    }
    long second = moment.getEpochSecond();
    return moment.isBefore(now.minus(MINUTES_KEPT))
        ? hours.computeIfAbsent(floor(second, 3600), _ -> new Bucket())
        : minutes.computeIfAbsent(floor(second, 60), _ -> new Bucket());
  }

  /** All values from the start to before the end. */
  Bucket between(Instant start, Instant end) {
    Bucket all = new Bucket();
    for (NavigableMap<Long, Bucket> map : List.of(hours, minutes)) {
      map.subMap(start.getEpochSecond(), true, end.getEpochSecond(), false)
          .values()
          .forEach(all::add);
    }
    return all;
  }

  private void rollUp(Instant now) {
    var old = minutes.headMap(now.minus(MINUTES_KEPT).getEpochSecond());
    old.forEach((second, bucket) ->
        hours.computeIfAbsent(floor(second, 3600), _ -> new Bucket()).add(bucket));
    old.clear();
    hours.headMap(now.minus(HOURS_KEPT).getEpochSecond()).clear();
  }

  private static long floor(long second, long unit) {
    return Math.floorDiv(second, unit) * unit;
  }
}
