package dev.weir.tenant;

import java.util.OptionalLong;

/**
 * What a tenant may use. An absent limit never refuses.
 *
 * @param requestsPerMinute admissions in every rolling 60 s
 * @param tokensPerMinute tokens (settled, or reserved while outstanding) in every rolling 60 s
 * @param concurrency calls in flight
 * @param dayMicroUsd spend per UTC day in micro-USD
 * @param monthMicroUsd spend per UTC month in micro-USD
 * @param lifetimeMicroUsd spend ever in micro-USD
 */
public record Limits(
    OptionalLong requestsPerMinute,
    OptionalLong tokensPerMinute,
    OptionalLong concurrency,
    OptionalLong dayMicroUsd,
    OptionalLong monthMicroUsd,
    OptionalLong lifetimeMicroUsd) {

  /** No limit at all. */
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());
}
