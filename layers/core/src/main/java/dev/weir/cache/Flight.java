package dev.weir.cache;

import java.util.Optional;

/**
 * The right to ask on behalf of all equal requests.
 *
 * @param owner who holds it
 * @param expired the answer that was kept before, no longer good unless nothing better can be had
 */
public record Flight(CacheKey key, String owner, Optional<Lookup.Hit> expired) {}
