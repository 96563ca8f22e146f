package dev.weir.audit;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where strands are kept. Faults are thrown as unchecked exceptions. Thread-safe. */
public interface Strands {

  /**
   * Puts a block at its place, unless one is there.
   *
   * @return the block that is there instead; empty if it was put
   */
  Optional<Block> append(Block block);

  /** The last block of a strand. */
  Optional<Block> last(String strand);

  /** Reads a strand from its first block to its last. */
  void read(String strand, Consumer<Block> reader);

  /**
   * An item of a day's partition.
   *
   * @param segment whose entry it is; empty for a ledger row by itself
   * @param requestId whose row it holds; empty if it holds none
   * @param row its canonical text; empty if there is none
   * @param expiry epoch second from which the store may drop it; 0: never
   */
  record Lying(Optional<String> segment, String requestId, String row, long expiry) {}

  /** Reads all that lies in a chain's partition of one UTC day, rows by themselves first. */
  void readDay(String chain, LocalDate day, Consumer<Lying> reader);

  /** Where a chain ends; empty if it has never begun. */
  Optional<Head> head(String chain);

  /**
   * Appends links to a chain and moves its head, both or neither.
   *
   * @param before the head as it was read; empty if there was none
   * @return false if the head is another by now
   */
  boolean advance(Optional<Head> before, Head after, List<Block> links);
}
