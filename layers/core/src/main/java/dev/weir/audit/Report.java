package dev.weir.audit;

import java.util.Optional;

/**
 * What a verification found.
 *
 * @param entries how many entries were compared
 * @param segments in how many segments
 * @param open how many of those are not sealed yet
 * @param links how long the strand of links is
 * @param hash the digest of its last link: a witness, when kept elsewhere
 * @param flaw the first thing that is wrong
 */
public record Report(
    long entries, int segments, int open, long links, String hash, Optional<Flaw> flaw) {}
