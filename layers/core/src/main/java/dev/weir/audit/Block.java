package dev.weir.audit;

import dev.weir.hash.Sha256;

/**
 * One link of a strand: a list of blocks of which each holds the digest of the one before it.
 *
 * @param strand the strand's name, without line breaks
 * @param seq its place in the strand, from 0
 * @param previous the digest of the block before it; empty for the first
 * @param row the canonical text of the ledger row in its item; empty if there is none
 * @param expiry epoch second from which the store may drop it; 0: never
 * @param hash the digest of everything else here, lower-case hex
 */
public record Block(
    String strand, long seq, String previous, String row, String body, long expiry, String hash) {

  /** The body that ends a segment: nothing follows it. */
  static final String END = "end";

  private static final String FORM = "weir.audit.1";

  /** A block with its digest. */
  static Block of(String strand, long seq, String previous, String row, String body, long expiry) {
    return new Block(
        strand, seq, previous, row, body, expiry, digest(strand, seq, previous, row, body, expiry));
  }

  /** Whether it is as it was written, at the place it was written. */
  boolean isIntact() {
    return isIntactAt(seq);
  }

  /** Whether it would be as it was written if it were at another place of the strand. */
  boolean isIntactAt(long place) {
    return hash.equals(digest(strand, place, previous, row, body, expiry));
  }

  boolean isEnd() {
    return body.equals(END);
  }

  /** Nothing before the body has a line break, so no two blocks are encoded alike. */
  private static String digest(
      String strand, long seq, String previous, String row, String body, long expiry) {
    return Sha256.hex(
        String.join(
            "\n", FORM, strand, Long.toString(seq), previous, Long.toString(expiry), row, body));
  }
}
