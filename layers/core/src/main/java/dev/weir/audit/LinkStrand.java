package dev.weir.audit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A chain's strand of links as it is read: which segments there must be, and what is wrong. */
final class LinkStrand implements Consumer<Block> {

  /**
   * A segment the chain vouches for.
   *
   * @param expiry epoch second from which its entries may be gone; 0: never
   */
  record Known(Link.Opened opened, long expiry, Optional<Link.Sealed> sealed) {

    boolean hasExpired(long now) {
      return expiry != 0 && expiry <= now;
    }
  }

  private final Walk walk;
  private final long now;
  private final Map<String, Known> segments = new LinkedHashMap<>();
  private final Map<Long, String> hashes = new LinkedHashMap<>();

  /** Links before this place may have gone in their time. */
  private long gone;

  LinkStrand(String chain, long now) {
    this.walk = new Walk(Chains.links(chain), this::learn);
    this.now = now;
  }

  @Override
  public void accept(Block block) {
    // The store drops what has expired in no order; what came before it expired no later.
    if (block.seq() > walk.length() && hasPassed(Link.previousExpiry(block.body()))) {
      walk.beginAt(block);
      gone = block.seq();
    }
    walk.accept(block);
  }

  private boolean hasPassed(long expiry) {
    return expiry != 0 && expiry <= now;
  }

  private void learn(Block block) {
    hashes.put(block.seq(), block.hash());
    switch (Link.read(block.body()).orElse(null)) {
      case Link.Opened opened ->
          segments.put(opened.segment(), new Known(opened, block.expiry(), Optional.empty()));
      case Link.Sealed sealed -> {
        Known known = segments.get(sealed.segment());
        if (known != null) {
          segments.put(
              sealed.segment(), new Known(known.opened(), known.expiry(), Optional.of(sealed)));
        } else if (gone == 0) {
          walk.found(Flaw.Kind.INSERTED, block.seq(), "it seals what was never opened");
        }
      }
      case null -> walk.found(Flaw.Kind.EDITED, block.seq(), "it is no link");
    }
  }

  /** Compares what was read with the head and with what was known before. */
  void end(Optional<Head> head, Optional<Verifier.Witness> witness) {
    if (head.isEmpty()) {
      walk.found(Flaw.Kind.MISSING, 0, "the chain has no head");
      return;
    }
    boolean isDropped = walk.length() < head.get().links() && hasPassed(head.get().expiry());
    if (isDropped) {
      gone = head.get().links();
    } else {
      walk.mustEnd(head.get().links(), head.get().hash());
      if (gone == 0 && !head.get().open().keySet().equals(open())) {
        walk.found(Flaw.Kind.EDITED, length(), "the head names other open segments");
      }
    }
    witness
        .filter(known -> known.links() > gone || hashes.containsKey(known.links() - 1))
        .filter(known -> !known.hash().equals(hashes.get(known.links() - 1)))
        .ifPresent(known ->
            walk.found(Flaw.Kind.EDITED, known.links() - 1, "it is not what the witness saw"));
  }

  private Set<String> open() {
    Set<String> open = new TreeSet<>();
    segments.values().stream()
        .filter(known -> known.sealed().isEmpty())
        .forEach(known -> open.add(known.opened().segment()));
    return open;
  }

  Collection<Known> segments() {
    return segments.values();
  }

  Optional<Flaw> flaw() {
    return walk.flaw();
  }

  long length() {
    return walk.length();
  }

  String hash() {
    return walk.hash();
  }
}
