package dev.weir.inference;

import dev.weir.inference.Answer.Bill;
import dev.weir.ledger.Cost;
import dev.weir.ledger.LedgerRow;
import dev.weir.ledger.Price;
import dev.weir.ledger.Savings;
import dev.weir.ledger.Usage;
import dev.weir.model.Ending;
import dev.weir.model.Fault;
import dev.weir.route.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was tried for one call, in order, and what each attempt is charged. One call, one thread.
 */
final class Hops {

  /** The last step but one of the ladder: an expired answer from the cache. */
  static final String STALE = "stale-answer";

  /** Before that: what a cascade's small model said. */
  static final String SMALL_ANSWER = "small-answer";

  private final List<Hop> hops = new ArrayList<>();
  private final List<Hop> asides = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();
  private Optional<String> cascade = Optional.empty();
  private Optional<Part> answeredBy = Optional.empty();
  private boolean isSmallKept;
  private int shut;
  private boolean isStale;

  /** What an attempt was asked for. */
  enum Part {
    /** The answer, of a call without a cascade. */
    WHOLE(""),
    /** The small model's answer. */
    SMALL("small"),
    /** Another answer of the small model, to compare. */
    SAMPLE("sample"),
    /** A grade of the small model's answer. */
    SCORER("scorer"),
    /** The large model's answer. */
    LARGE("large");

    private final String text;

    Part(String text) {
      this.text = text;
    }
  }

  /**
   * One attempt.
   *
   * @param isRepeat whether it repeated the one before it at the same target
   */
  record Hop(Target target, Ending ending, long millis, Bill bill, boolean isRepeat, Part part) {

    /** An attempt that no cascade asked for. */
    Hop(Target target, Ending ending, long millis, Bill bill, boolean isRepeat) {
      this(target, ending, millis, bill, isRepeat, Part.WHOLE);
    }

    String outcome() {
      return Hops.outcome(ending);
    }
  }

  void add(Hop hop) {
    hops.add(hop);
  }

  /** Notes a request that was no attempt at the answer, but is charged with it. */
  void aside(Hop hop) {
    asides.add(hop);
  }

  /** Notes that a target was not asked. */
  void passOver(Target target, String reason) {
    passedOver.add(target.id() + ": " + reason);
  }

  /** Notes that a target was not asked because its breaker is open. */
  void shut(Target target) {
    shut++;
    passOver(target, "breaker open");
  }

  /** Notes that an expired answer was served. */
  void staleServed() {
    isStale = true;
  }

  /** Notes what a cascade decided. */
  void cascaded(String decided) {
    cascade = Optional.of(decided);
  }

  /** Notes whose answer the client gets, where that is not the last one asked. */
  void answeredBy(Part part) {
    answeredBy = Optional.of(part);
  }

  /** Notes that a small answer is served that would not have been, had the large model answered. */
  void smallKept() {
    isSmallKept = true;
  }

  /** What a cascade decided; empty without one. */
  Optional<String> cascade() {
    return cascade;
  }

  int attempts() {
    return hops.size();
  }

  int shut() {
    return shut;
  }

  long retries() {
    return hops.stream().filter(Hop::isRepeat).count();
  }

  /** Attempts that were turned away because too much was asked. */
  long throttled() {
    return hops.stream().filter(hop -> isThrottled(hop.ending())).count();
  }

  private static boolean isThrottled(Ending ending) {
    return ending instanceof Ending.Failed(Fault fault)
        && (fault.kind() == Fault.Kind.THROTTLED || fault.kind() == Fault.Kind.QUOTA_EXCEEDED);
  }

  /** The target that was asked last. */
  Optional<Target> last() {
    return hops.isEmpty() ? Optional.empty() : Optional.of(hops.getLast().target());
  }

  /** The target whose answer the client gets, or that was asked last. */
  Optional<Target> answering() {
    return answeredBy.flatMap(part -> of(part).map(Hop::target).findFirst()).or(this::last);
  }

  private Stream<Hop> of(Part part) {
    return hops.stream().filter(hop -> hop.part() == part);
  }

  /** How far the answer falls short, when there is one and it does. */
  Optional<String> degraded() {
    if (isStale) {
      return Optional.of(STALE);
    }
    if (isSmallKept) {
      return Optional.of(SMALL_ANSWER);
    }
    return hops.isEmpty() || !(hops.getLast().ending() instanceof Ending.Complete)
        ? Optional.empty()
        : step(hops.getLast().target());
  }

  static Optional<String> step(Target target) {
    return target.step() == Target.Step.NONE ? Optional.empty() : Optional.of(target.step().text());
  }

  boolean isStale() {
    return isStale;
  }

  /** All attempts together, each by its own target's price. */
  Bill bill() {
    Usage usage = Usage.ZERO;
    Cost cost = Cost.ZERO;
    boolean isEstimated = false;
    for (Hop hop : all()) {
      usage = usage.plus(hop.bill().usage());
      cost = cost.plus(hop.bill().cost());
      isEstimated |= hop.bill().isEstimated();
    }
    return new Bill(usage, cost, isEstimated);
  }

  /**
   * What provider's prompt caches saved, each by its own target's price, and what a cascade did:
   * what the large model would have cost, had it said as much, less what everything cost.
   */
  Savings saved(Price large) {
    Savings saved =
        hops.stream()
            .map(hop -> hop.target().price().saved(hop.bill().usage()))
            .reduce(Savings.NONE, Savings::plus);
    return cascade.isEmpty() ? saved : saved.plus(Savings.byCascade(alone(large) - tried()));
  }

  private long tried() {
    return hops.stream().mapToLong(hop -> hop.bill().cost().picoUsd()).sum();
  }

  private long alone(Price large) {
    boolean isAsked = of(Part.LARGE).findAny().isPresent();
    return isAsked
        ? of(Part.LARGE).mapToLong(hop -> hop.bill().cost().picoUsd()).sum()
        : of(Part.SMALL).mapToLong(hop -> large.of(hop.bill().usage()).picoUsd()).sum();
  }

  /** What was tried and what was passed over, for people; empty when one attempt was all. */
  String told() {
    if (hops.size() + passedOver.size() < 2) {
      return "";
    }
    List<String> all = new ArrayList<>();
    hops.forEach(hop -> all.add(hop.target().id() + ": " + hop.outcome()));
    all.addAll(passedOver);
    return "; tried " + String.join(", ", all);
  }

  private List<Hop> all() {
    return Stream.concat(asides.stream(), hops.stream()).toList();
  }

  /** As the ledger has them. */
  List<LedgerRow.Hop> rows() {
    return all().stream()
        .map(hop ->
            new LedgerRow.Hop(
                hop.target().id(),
                hop.outcome(),
                hop.millis(),
                hop.bill().cost(),
                hop.bill().usage(),
                1,
                hop.part().text))
        .toList();
  }

  /** As the log line has them. */
  String line() {
    return hops.stream()
        .map(hop -> hop.target().id() + "=" + hop.outcome())
        .collect(Collectors.joining(" "));
  }

  static String outcome(Ending ending) {
    return switch (ending) {
      case Ending.Complete _ -> "complete";
      case Ending.Failed(Fault fault) -> fault.kind().name().toLowerCase(Locale.ROOT);
    };
  }
}
