package dev.weir.inference;

import dev.weir.admission.LimiterAlarm;
import dev.weir.telemetry.Line;

/** The log line of a limiter's alarm. */
final class LimiterLine {

  private LimiterLine() {}

  static Line of(LimiterAlarm alarm) {
    return switch (alarm) {
      case LimiterAlarm.ClockError(var ahead) ->
          Line.error("limiter_clock_error").with("aheadMillis", ahead.toMillis());
      case LimiterAlarm.FutureMark(String tenantId, var ahead) ->
          Line.error("limiter_future_mark")
              .with("tenantId", tenantId)
              .with("aheadMillis", ahead.toMillis());
      case LimiterAlarm.HotTenant(String tenantId, int shards, int advised) ->
          Line.warn("limiter_hot_tenant")
              .with("tenantId", tenantId)
              .with("shards", shards)
              .with("advisedShards", advised);
      case LimiterAlarm.StoreFault(String tenantId, RuntimeException cause) ->
          Line.error("limiter_store_fault").with("tenantId", tenantId).with(cause);
    };
  }
}
