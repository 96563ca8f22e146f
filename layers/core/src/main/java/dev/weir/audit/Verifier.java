package dev.weir.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds what was edited, removed, moved or put into a chain. Reads; never writes. */
public final class Verifier {

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-30T00:00:00Z");

  /** How often a chain is read again that moves meanwhile. */
  private static final int ATTEMPTS = 10;

  /**
   * What a chain was once known to be.
   *
   * @param links how long its strand of links was, 1 or more
   * @param hash the digest of the last of them
   */
  public record Witness(long links, String hash) {}

  /**
   * Which segments are read; the strand of links is always read whole.
   *
   * @param from segments that were over before are left out
   * @param to segments that were opened after are left out
   */
  public record Span(Instant from, Instant to) {

    boolean contains(Link.Opened opened) {
      Instant at = Instant.ofEpochMilli(opened.atMillis());
      return !at.plus(Chains.OVERDUE).isBefore(from) && !at.isAfter(to);
    }
  }

  /**
   * An entry as it is kept.
   *
   * @param body its canonical JSON
   * @param row the ledger row in the same item, as DynamoDB's JSON; empty if there is none
   * @param hash its digest
   */
  public record Kept(String segment, long seq, String body, String row, String hash) {

    /** Whether it is the decision with this request id. */
    public boolean isOf(String trace) {
      return body.startsWith(AuditEntry.beginning(trace));
    }
  }

  private final Strands strands;
  private final InstantSource clock;

  public Verifier(Strands strands, InstantSource clock) {
    this.strands = strands;
    this.clock = clock;
  }

  /**
   * Compares everything there is of a chain within the span.
   *
   * @param reader is shown each entry that follows from those before it
   */
  public Report verify(String chain, Span span, Optional<Witness> witness, Consumer<Kept> reader) {
    long now = clock.instant().getEpochSecond();
    LinkStrand links = links(chain, now, witness);
    Tally tally = new Tally();
    Optional<Flaw> flaw = links.flaw();
    for (LinkStrand.Known segment : links.segments()) {
      if (flaw.isEmpty() && !segment.hasExpired(now) && span.contains(segment.opened())) {
        flaw = segment(chain, segment, tally, reader);
      }
    }
    if (flaw.isEmpty()) {
      flaw = looseRows(chain, links, span, now).or(() -> unsealed(chain, span, links, now));
    }
    return new Report(
        tally.entries, tally.segments, tally.open, links.length(), links.hash(), flaw);
  }

  /** Rows and entries that lie in the span's days and belong to no segment of the chain. */
  private Optional<Flaw> looseRows(String chain, LinkStrand links, Span span, long now) {
    LooseRows loose = new LooseRows(chain, names(links), now);
    LocalDate today = day(clock.instant());
    LocalDate to = earliest(today, day(span.to()));
    links.segments().stream()
        .map(segment -> Segment.day(segment.opened().atMillis()))
        .min(Comparator.naturalOrder())
        // A call may have been admitted on the day before its entry.
        .map(first -> latest(first.minusDays(1), day(span.from())))
        .filter(from -> !from.isAfter(to))
        .ifPresent(from ->
            from.datesUntil(to.plusDays(1)).forEach(day -> strands.readDay(chain, day, loose)));
    // The entry of a row by itself may be a later day's.
    for (LocalDate day = to.plusDays(1);
        loose.isWaiting() && !day.isAfter(today);
        day = day.plusDays(1)) {
      strands.readDay(chain, day, loose::acceptEntry);
    }
    if (loose.unlinked().isEmpty()) {
      return loose.end(Set.of());
    }
    // Opened meanwhile, or by nobody.
    LinkStrand again = new LinkStrand(chain, now);
    strands.read(Chains.links(chain), again);
    return loose.end(names(again));
  }

  private static Set<String> names(LinkStrand links) {
    return links.segments().stream()
        .map(segment -> segment.opened().segment())
        .collect(Collectors.toSet());
  }

  private static LocalDate day(Instant at) {
    return at.isBefore(FIRST)
        ? day(FIRST)
        : at.isAfter(LAST) ? day(LAST) : Segment.day(at.toEpochMilli());
  }

  private static LocalDate latest(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  private static LocalDate earliest(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }

  private static final class Tally {
    private long entries;
    private int segments;
    private int open;
  }

  /** The links at an instant at which the head stood still. */
  private LinkStrand links(String chain, long now, Optional<Witness> witness) {
    for (int attempt = 1; ; attempt++) {
      Optional<Head> before = strands.head(chain);
      LinkStrand links = new LinkStrand(chain, now);
      strands.read(Chains.links(chain), links);
      if (attempt == ATTEMPTS || strands.head(chain).equals(before)) {
        links.end(before, witness);
        return links;
      }
    }
  }

  private Optional<Flaw> segment(
      String chain, LinkStrand.Known segment, Tally tally, Consumer<Kept> reader) {
    String name = segment.opened().segment();
    Walk walk =
        new Walk(
            Chains.entries(chain, name),
            block -> {
              if (!block.isEnd()) {
                tally.entries++;
                reader.accept(new Kept(name, block.seq(), block.body(), block.row(), block.hash()));
              }
            });
    strands.read(Chains.entries(chain, name), walk);
    segment
        .sealed()
        .ifPresentOrElse(
            sealed -> walk.mustEnd(sealed.length(), sealed.hash()), () -> tally.open++);
    tally.segments++;
    return walk.flaw();
  }

  private Optional<Flaw> unsealed(String chain, Span span, LinkStrand links, long now) {
    long before = clock.millis() - Chains.OVERDUE.toMillis();
    return links.segments().stream()
        .filter(segment -> segment.sealed().isEmpty() && span.contains(segment.opened()))
        .filter(segment -> !segment.hasExpired(now))
        .filter(segment -> segment.opened().atMillis() < before)
        .map(segment ->
            new Flaw(
                Flaw.Kind.UNSEALED,
                Chains.entries(chain, segment.opened().segment()),
                0,
                "open since " + Instant.ofEpochMilli(segment.opened().atMillis())))
        .findFirst();
  }
}
