package dev.weir.audit;

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
