package dev.weir.audit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What lies in the days' partitions of a chain, beside the segments it vouches for, as it is read:
 * each day backwards, the days in their order. A row by itself is met before the entry of its
 * request, which is in the same partition or in a later day's.
 */
final class LooseRows implements Consumer<Strands.Lying> {

  private final String chain;
  private final Set<String> segments;
  private final long now;
  private final Map<String, String> unvouched = new HashMap<>();
  private final Set<String> unlinked = new HashSet<>();
  private Optional<Flaw> flaw = Optional.empty();

  /**
   * @param segments those the links name
   * @param now epoch second
   */
  LooseRows(String chain, Set<String> segments, long now) {
    this.chain = chain;
    this.segments = segments;
    this.now = now;
  }

  @Override
  public void accept(Strands.Lying item) {
    if (item.segment().isEmpty()) {
      if (unvouched.put(item.requestId(), item.row()) != null) {
        found(Flaw.Kind.INSERTED, "two rows by themselves of " + item.requestId());
      }
    } else if (segments.contains(item.segment().get())) {
      String alone = unvouched.remove(item.requestId());
      if (alone != null && !alone.equals(item.row())) {
        found(Flaw.Kind.EDITED, "the row by itself of " + item.requestId() + " is not its entry's");
      }
    } else if (item.expiry() == 0 || item.expiry() > now) {
      unlinked.add(item.segment().get());
    }
  }

  /** The same, of a day whose rows by themselves are not asked for. */
  void acceptEntry(Strands.Lying item) {
    if (item.segment().isPresent()) {
      accept(item);
    }
  }

  /** Whether there is a row by itself whose entry has not been met. */
  boolean isWaiting() {
    return !unvouched.isEmpty();
  }

  /** Segments that no link named when the links were read. */
  Set<String> unlinked() {
    return unlinked;
  }

  /**
   * The first thing that is wrong.
   *
   * @param named every segment the links name by now
   */
  Optional<Flaw> end(Set<String> named) {
    unlinked.stream()
        .filter(segment -> !named.contains(segment))
        .sorted()
        .findFirst()
        .ifPresent(segment -> found(Flaw.Kind.INSERTED, "no link opens segment " + segment));
    if (!unvouched.isEmpty()) {
      found(
          Flaw.Kind.UNVOUCHED,
          "%d ledger rows that no entry vouches for, such as %s"
              .formatted(unvouched.size(), unvouched.keySet().stream().sorted().findFirst().get()));
    }
    return flaw;
  }

  private void found(Flaw.Kind kind, String why) {
    if (flaw.isEmpty()) {
      flaw = Optional.of(new Flaw(kind, chain, 0, why));
    }
  }
}
