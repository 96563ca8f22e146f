package dev.weir.capacity;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an account may ask of one Bedrock target in a minute, and what a model unit of it gives, as
 * the operator declared it. Quotas differ by account and Region, so what is absent is unknown.
 *
 * @param target the id it is asked by: a model's quota differs from that of an inference profile
 * @param requestsPerMinute the quota of requests, 1 or more
 */
public record Capacity(
    String target,
    OptionalLong requestsPerMinute,
    Optional<TokenQuota> tokens,
    Optional<ModelUnit> unit) {}
