package dev.weir.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The chain of one tenant is a strand of links; each link opens or seals a segment, which is a
 * strand of entries that one environment writes alone. So environments write side by side, and the
 * chain's own head is touched once per segment. Thread-safe.
 */
public final class Chains {

  /** How long an environment writes into one segment. */
  public static final Duration LIFE = Duration.ofMinutes(15);

  /** When a segment that nobody has sealed may be sealed by others. */
  static final Duration OVERDUE = LIFE.plusMinutes(5);

  private static final int ATTEMPTS = 20;
  private static final int LONGEST_PAUSE_MILLIS = 250;

  /** Abandoned segments one opener seals; more would make its call pay for the others'. */
  private static final int SEALED_AT_ONCE = 3;

  private final Strands strands;
  private final Optional<Duration> retention;
  private final InstantSource clock;
  private final Supplier<String> segmentIds;
  private final RandomGenerator random;

  /**
   * @param retention how long blocks are kept; absent: for ever
   * @param segmentIds ids that never repeat, without {@code #}, spaces and line breaks
   */
  public Chains(
      Strands strands,
      Optional<Duration> retention,
      InstantSource clock,
      Supplier<String> segmentIds,
      RandomGenerator random) {
    this.strands = strands;
    this.retention = retention;
    this.clock = clock;
    this.segmentIds = segmentIds;
    this.random = random;
  }

  /** The strand of a chain's links. */
  static String links(String chain) {
    return "C#" + chain;
  }

  /** The strand of a segment's entries. */
  static String entries(String chain, String segment) {
    return new EntryStrand(chain, segment).name();
  }

  /** Opens a segment, and seals the one before it and some that were abandoned. */
  Segment open(String chain, Optional<Link.Sealed> before) {
    long now = clock.millis();
    String id = EntryStrand.segment(Segment.day(now), segmentIds.get());
    // Entries outlive the link that vouches for them: what is missing while it stands was removed.
    Segment segment = new Segment(strands, chain, id, now, expiry(now + LIFE.toMillis()));
    boolean isOpen =
        advance(
            chain,
            head -> head.open().containsKey(id),
            head -> {
              List<Link> links = new ArrayList<>();
              before
                  .filter(sealed -> head.open().containsKey(sealed.segment()))
                  .ifPresent(links::add);
              abandoned(head).stream()
                  .filter(name -> before.stream().noneMatch(own -> own.segment().equals(name)))
                  .limit(SEALED_AT_ONCE)
                  .map(name -> fence(chain, name))
                  .forEach(links::add);
              links.add(new Link.Opened(id, segment.openedAtMillis()));
              return links;
            });
    if (!isOpen) {
      throw new IllegalStateException("too many open segments of this chain at once");
    }
    return segment;
  }

  /** Seals a segment that its writer has ended; the next opener does what cannot be done now. */
  void seal(String chain, Link.Sealed sealed) {
    advance(chain, head -> !head.open().containsKey(sealed.segment()), head -> List.of(sealed));
  }

  /**
   * Seals every segment whose writer has not been heard of, with what is found of it.
   *
   * @return how many
   */
  public int sealAbandoned(String chain) {
    int sealed = 0;
    for (String name : strands.head(chain).map(this::abandoned).orElse(List.of())) {
      seal(chain, fence(chain, name));
      sealed++;
    }
    return sealed;
  }

  private List<String> abandoned(Head head) {
    long before = clock.millis() - OVERDUE.toMillis();
    return head.open().entrySet().stream()
        .filter(open -> open.getValue() < before)
        .map(open -> open.getKey())
        .toList();
  }

  /** Ends a segment by a block where its writer would put the next, so that nothing can follow. */
  private Link.Sealed fence(String chain, String name) {
    String strand = entries(chain, name);
    while (true) {
      Optional<Block> last = strands.last(strand);
      if (last.isPresent() && last.get().isEnd()) {
        return new Link.Sealed(name, last.get().seq() + 1, last.get().hash());
      }
      Block end =
          Block.of(
              strand,
              last.map(Block::seq).orElse(-1L) + 1,
              last.map(Block::hash).orElse(""),
              "",
              Block.END,
              last.map(Block::expiry).orElseGet(() -> expiry(clock.millis())));
      if (strands.append(end).filter(there -> !there.equals(end)).isEmpty()) {
        return new Link.Sealed(name, end.seq() + 1, end.hash());
      }
    }
  }

  private boolean advance(String chain, Predicate<Head> isDone, Function<Head, List<Link>> work) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Head> before = strands.head(chain);
      Head head = before.orElseGet(() -> new Head(chain, 0, "", 0, new TreeMap<>()));
      // Also where our own last write was carried out and only its reply was lost.
      if (isDone.test(head) || advance(before, head, work.apply(head))) {
        return true;
      }
      pause(attempt);
    }
    return false;
  }

  private boolean advance(Optional<Head> before, Head head, List<Link> links) {
    String strand = links(head.chain());
    long expiry = expiry(clock.millis());
    List<Block> blocks = new ArrayList<>();
    SortedMap<String, Long> open = new TreeMap<>(head.open());
    String hash = head.hash();
    long previousExpiry = head.expiry();
    for (Link link : links) {
      Block block =
          Block.of(
              strand, head.links() + blocks.size(), hash, "", link.body(previousExpiry), expiry);
      blocks.add(block);
      hash = block.hash();
      previousExpiry = expiry;
      switch (link) {
        case Link.Opened(String segment, long atMillis) -> open.put(segment, atMillis);
        case Link.Sealed sealed -> open.remove(sealed.segment());
      }
    }
    return strands.advance(
        before, new Head(head.chain(), head.links() + blocks.size(), hash, expiry, open), blocks);
  }

  private void pause(int attempt) {
    try {
      Thread.sleep(random.nextInt(Math.min(LONGEST_PAUSE_MILLIS, 10 << attempt)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private long expiry(long atMillis) {
    return retention.map(kept -> atMillis / 1000 + kept.toSeconds()).orElse(0L);
  }
}
