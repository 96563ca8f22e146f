package dev.weir.audit;

import java.util.Optional;
import java.util.function.Consumer;

/** Goes along one strand, and stops at the first block that does not follow from those before. */
final class Walk implements Consumer<Block> {

  private final String strand;
  private final Consumer<Block> sound;
  private long next;
  private String hash = "";
  private Optional<Flaw> flaw = Optional.empty();
  private boolean isEnded;

  Walk(String strand, Consumer<Block> sound) {
    this.strand = strand;
    this.sound = sound;
  }

  /** Begins after blocks that the store has dropped rightly. */
  void beginAt(Block first) {
    next = first.seq();
    hash = first.previous();
  }

  @Override
  public void accept(Block block) {
    if (flaw.isPresent()) {
      return;
    }
    if (isEnded) {
      found(Flaw.Kind.INSERTED, block.seq(), "the segment had ended before it");
    } else if (block.seq() < next) {
      found(Flaw.Kind.INSERTED, next, "a block has no place of its own");
    } else if (block.seq() > next) {
      found(Flaw.Kind.MISSING, next, "the next there is " + block.seq());
    } else if (!block.isIntact()) {
      damaged(block);
    } else if (!block.previous().equals(hash)) {
      found(Flaw.Kind.EDITED, next - 1, "the block after it was written after another");
    } else {
      next++;
      hash = block.hash();
      isEnded = block.isEnd();
      sound.accept(block);
    }
  }

  private void damaged(Block block) {
    for (long place = 0; place <= Math.max(next, Segment.LONGEST); place++) {
      if (block.isIntactAt(place)) {
        found(Flaw.Kind.REORDERED, block.seq(), "it was written as number " + place);
        return;
      }
    }
    found(Flaw.Kind.EDITED, block.seq(), "its digest is another");
  }

  void found(Flaw.Kind kind, long seq, String why) {
    if (flaw.isEmpty()) {
      flaw = Optional.of(new Flaw(kind, strand, seq, why));
    }
  }

  /** Compares the strand, now that it was read to its end, with what is known of its end. */
  void mustEnd(long length, String last) {
    if (next < length) {
      found(Flaw.Kind.MISSING, next, "there were " + length);
    } else if (next > length) {
      found(Flaw.Kind.INSERTED, length, "there were " + length);
    } else if (!hash.equals(last)) {
      found(Flaw.Kind.EDITED, next - 1, "the strand ended otherwise");
    }
  }

  Optional<Flaw> flaw() {
    return flaw;
  }

  /** How many blocks there were, counted from the strand's beginning. */
  long length() {
    return next;
  }

  /** The digest of the last of them. */
  String hash() {
    return hash;
  }
}
