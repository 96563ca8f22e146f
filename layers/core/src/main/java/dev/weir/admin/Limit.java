package dev.weir.admin;

import dev.weir.tenant.Limits;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** A limit of a tenant, by the name the admin API gives it. */
enum Limit {
  REQUESTS_PER_MINUTE("requestsPerMinute", Limits::requestsPerMinute),
  TOKENS_PER_MINUTE("tokensPerMinute", Limits::tokensPerMinute),
  CONCURRENCY("concurrency", Limits::concurrency),
  DAY_MICRO_USD("dayMicroUsd", Limits::dayMicroUsd),
  MONTH_MICRO_USD("monthMicroUsd", Limits::monthMicroUsd),
  LIFETIME_MICRO_USD("lifetimeMicroUsd", Limits::lifetimeMicroUsd);

  private final String text;
  private final Function<Limits, OptionalLong> value;

  Limit(String text, Function<Limits, OptionalLong> value) {
    this.text = text;
    this.value = value;
  }

  String text() {
    return text;
  }

  OptionalLong of(Limits limits) {
    return value.apply(limits);
  }

  /** These limits with some of them replaced; an empty one is no limit any more. */
  static Limits changed(Limits limits, Map<Limit, OptionalLong> changes) {
    Map<Limit, OptionalLong> all = new EnumMap<>(Limit.class);
    for (Limit limit : values()) {
      all.put(limit, changes.getOrDefault(limit, limit.of(limits)));
    }
    return new Limits(
        all.getOrDefault(REQUESTS_PER_MINUTE, OptionalLong.empty()),
        all.getOrDefault(TOKENS_PER_MINUTE, OptionalLong.empty()),
        all.getOrDefault(CONCURRENCY, OptionalLong.empty()),
        all.getOrDefault(DAY_MICRO_USD, OptionalLong.empty()),
        all.getOrDefault(MONTH_MICRO_USD, OptionalLong.empty()),
        all.getOrDefault(LIFETIME_MICRO_USD, OptionalLong.empty()));
  }
}
