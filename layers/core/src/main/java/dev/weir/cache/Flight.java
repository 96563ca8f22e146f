package dev.weir.cache;

/**
 * The right to ask on behalf of all equal requests.
 *
 * @param owner who holds it
 */
public record Flight(CacheKey key, String owner) {}
