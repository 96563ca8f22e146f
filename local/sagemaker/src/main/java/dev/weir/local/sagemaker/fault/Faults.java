package dev.weir.local.sagemaker.fault;

import dev.weir.local.sagemaker.state.Chance;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults to come; of several that match, the first added hits. */
public final class Faults {
  private final InstantSource clock;
  private final Chance chance;
  private final List<Active> active = new ArrayList<>();

  private static final class Active {
    private final Fault fault;
    private int hits;

    Active(Fault fault) {
      this.fault = fault;
    }
  }

  /**
   * A fault and how often it hit.
   *
   * @param left hits to come; 0 for no end
   */
  public record Standing(Fault fault, int hits, int left) {}

  public Faults(InstantSource clock, Chance chance) {
    this.clock = clock;
    this.chance = chance;
  }

  public void add(Fault fault) {
    active.add(new Active(fault));
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    active.clear();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return active.isEmpty();
  }

  /** What can still go wrong. */
  public List<Standing> standing() {
    active.removeIf(this::isOver);
    return active.stream()
        .map(each ->
            new Standing(
                each.fault,
                each.hits,
                each.fault.times() == 0 ? 0 : each.fault.times() - each.hits))
        .toList();
  }

  /** The fault that hits this call, if one does; it is counted. */
  public Optional<Fault> onCall(String operation, String resource) {
    return hit(CallFault.class, operation, resource);
  }

  /** The fault of this kind that hits what the operation began, if one does; it is counted. */
  public Optional<Fault> take(Course kind, String operation, String resource) {
    return first(operation, resource, fault -> fault.kind() == kind);
  }

  /** The fault that makes the condition hold. */
  public Optional<Fault> find(Condition condition, String resource) {
    return active.stream()
        .filter(each -> !isOver(each) && each.fault.kind() == condition)
        .map(each -> each.fault)
        .filter(fault -> fault.matches(Fault.ANY, resource))
        .findFirst();
  }

  public boolean holds(Condition condition, String resource) {
    return find(condition, resource).isPresent();
  }

  private Optional<Fault> hit(Class<? extends FaultKind> kinds, String operation, String resource) {
    return first(operation, resource, fault -> kinds.isInstance(fault.kind()));
  }

  private Optional<Fault> first(String operation, String resource, Predicate<Fault> wanted) {
    active.removeIf(this::isOver);
    for (Active each : active) {
      if (wanted.test(each.fault)
          && each.fault.matches(operation, resource)
          && (each.fault.share() >= 1 || chance.draw("fault " + operation) < each.fault.share())) {
        each.hits++;
        return Optional.of(each.fault);
      }
    }
    return Optional.empty();
  }

  private boolean isOver(Active each) {
    return each.fault.times() > 0 && each.hits >= each.fault.times()
        || each.fault.until().isPresent() && !clock.instant().isBefore(each.fault.until().get());
  }
}
