package dev.weir.audit;

import java.util.SortedMap;

/**
 * Where a chain ends.
 *
 * @param links how many blocks its strand of links has
 * @param hash the digest of the last of them; empty if there is none
 * @param expiry epoch second from which the store may drop the last of them; 0: never
 * @param open epoch milliseconds at which each segment was opened that is not sealed
 */
public record Head(
    String chain, long links, String hash, long expiry, SortedMap<String, Long> open) {}
