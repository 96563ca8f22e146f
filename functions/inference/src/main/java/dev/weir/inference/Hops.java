package dev.weir.inference;

import dev.weir.inference.Answer.Bill;
import dev.weir.ledger.Cost;
import dev.weir.ledger.LedgerRow;
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

  private final List<Hop> hops = new ArrayList<>();
  private final List<Hop> asides = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();
  private int shut;
  private boolean isStale;

  /**
   * One attempt.
   *
   * @param isRepeat whether it repeated the one before it at the same target
   */
  record Hop(Target target, Ending ending, long millis, Bill bill, boolean isRepeat) {

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

  int attempts() {
    return hops.size();
  }

  int shut() {
    return shut;
  }

  long retries() {
    return hops.stream().filter(Hop::isRepeat).count();
  }

  /** The target that was asked last. */
  Optional<Target> last() {
    return hops.isEmpty() ? Optional.empty() : Optional.of(hops.getLast().target());
  }

  /** How far the answer falls short, when there is one and it does. */
  Optional<String> degraded() {
    if (isStale) {
      return Optional.of(STALE);
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
            new LedgerRow.Hop(hop.target().id(), hop.outcome(), hop.millis(), hop.bill().cost()))
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
