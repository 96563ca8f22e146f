package dev.weir.audit;

/**
 * What is wrong with a chain, at the first place where something is.
 *
 * @param strand of links, {@code C#chain}, or of a segment's entries, {@code E#chain#segment}; the
 *     chain itself where it is no strand's
 * @param seq its place in the strand
 */
public record Flaw(Kind kind, String strand, long seq, String why) {

  /** The ways a chain can be wrong. */
  public enum Kind {
    /** A block is not as it was written. */
    EDITED,
    /** A block is gone. */
    MISSING,
    /** A block is at the place of another. */
    REORDERED,
    /** A block is there that the chain does not vouch for. */
    INSERTED,
    /** A ledger row lies by itself, and no entry holds it too. */
    UNVOUCHED,
    /** A segment has been left open, so that its tail could be cut unseen. */
    UNSEALED
  }
}
