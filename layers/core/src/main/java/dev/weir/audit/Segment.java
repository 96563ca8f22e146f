package dev.weir.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** A segment this environment writes. Not thread-safe: its writer is. */
final class Segment {

  /** Most entries of one, so that it can be read at once. */
  static final int LONGEST = 1000;

  /** What became of a body. */
  sealed interface Appended {
    record Written(Block block) implements Appended {}

    /** Somebody has ended the segment: it had been taken for abandoned. */
    record Ended() implements Appended {}

    /** A block is there that this environment did not write. */
    record Foreign() implements Appended {}
  }

  private final Strands strands;
  private final String strand;
  private final String id;
  private final long openedAtMillis;
  private final long expiry;
  private long next;
  private String hash = "";
  private boolean isInDoubt;

  Segment(Strands strands, String chain, String id, long openedAtMillis, long expiry) {
    this.strands = strands;
    this.strand = Chains.entries(chain, id);
    this.id = id;
    this.openedAtMillis = openedAtMillis;
    this.expiry = expiry;
  }

  String id() {
    return id;
  }

  long openedAtMillis() {
    return openedAtMillis;
  }

  /** The UTC day it was opened, which is the day of the partition it is in. */
  LocalDate day() {
    return day(openedAtMillis);
  }

  /** The UTC day of an instant. */
  static LocalDate day(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Whether it is time for another; not while it is unknown whether the last block was put. */
  boolean isOver(long nowMillis) {
    return !isInDoubt
        && (next >= LONGEST
            || nowMillis - openedAtMillis >= Chains.LIFE.toMillis()
            || !day(nowMillis).equals(day()));
  }

  /** Puts a draft next; one whose reply was lost may be put again. */
  Appended append(Draft draft) {
    String row = draft.row().map(AuditedRow::text).orElse("");
    Block block = Block.of(strand, next, hash, row, draft.body(), expiry);
    isInDoubt = true;
    Optional<Block> there = strands.append(block);
    isInDoubt = false;
    if (there.isPresent() && !there.get().equals(block)) {
      return there.get().isEnd() ? new Appended.Ended() : new Appended.Foreign();
    }
    next++;
    hash = block.hash();
    return new Appended.Written(block);
  }

  /** Ends it; empty if it has been ended by others, or holds what is not ours. */
  Optional<Link.Sealed> end() {
    return switch (append(Draft.of(Block.END))) {
      case Appended.Written(Block block) ->
          Optional.of(new Link.Sealed(id, block.seq() + 1, block.hash()));
      case Appended.Ended _, Appended.Foreign _ -> Optional.empty();
    };
  }
}
