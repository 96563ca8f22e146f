package dev.weir.guard;

import dev.weir.ledger.Cost;
import dev.weir.ledger.GuardMark;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the guards of one request have done so far. One request, one thread. */
public final class GuardTrail {

  private final Set<String> masked = new LinkedHashSet<>();
  private final List<String> bypassed = new ArrayList<>();
  private final StringBuilder heard = new StringBuilder();
  private Optional<String> blocked = Optional.empty();
  private Optional<String> unavailable = Optional.empty();
  private Optional<String> fault = Optional.empty();
  private String versions = "";
  private long picoUsd;
  private boolean isTouched;

  /** Begins with what is to be applied; whatever was noted under other guards is forgotten. */
  public void begin(Guards guards) {
    versions = guards.versions();
    masked.clear();
    blocked = Optional.empty();
    unavailable = Optional.empty();
    isTouched = false;
  }

  /** Another attempt at an answer begins; of the one before nothing has left. */
  public void attempt() {
    heard.setLength(0);
    masked.removeIf(rule -> rule.startsWith(Direction.OUTPUT.text()));
  }

  /** From now on an answer is no longer what every equal request would get. */
  public void admitted() {
    isTouched = false;
  }

  public void masked(Direction direction, String rule) {
    masked.add(direction.text() + ":" + rule);
    isTouched = true;
  }

  public void blocked(Direction direction, String rule) {
    blocked = Optional.of(direction.text() + ":" + rule);
    isTouched = true;
  }

  /** A text did not pass, because it could not be judged. */
  public void unavailable(Direction direction, String guard) {
    unavailable = Optional.of(direction.text() + ":" + guard);
    isTouched = true;
  }

  /**
   * Why a guard did not judge.
   *
   * @param detail an exception's name, never a text
   */
  public void failed(String detail) {
    fault = Optional.of(detail);
  }

  /** Why a guard did not judge, if one did not. */
  public Optional<String> fault() {
    return fault;
  }

  /** A text passed unjudged. */
  public void bypassed(Direction direction, String guard) {
    bypassed.add(direction.text() + ":" + guard);
    isTouched = true;
  }

  /** What guards cost and let pass on an answer that only we hear; its verdict is not ours. */
  public void absorb(GuardTrail aside) {
    picoUsd = Math.addExact(picoUsd, aside.picoUsd);
    bypassed.addAll(aside.bypassed);
    isTouched |= !aside.bypassed.isEmpty();
  }

  public void spent(Cost cost) {
    picoUsd = Math.addExact(picoUsd, cost.picoUsd());
  }

  /** The model said this, whether or not anybody will see it: it is billed. */
  public void heard(String text) {
    heard.append(text);
  }

  /** Everything the model said to guards that look at answers. */
  public String heard() {
    return heard.toString();
  }

  public Optional<String> blocked() {
    return blocked;
  }

  public boolean isMasked() {
    return !masked.isEmpty();
  }

  public int bypasses() {
    return bypassed.size();
  }

  public Cost cost() {
    return new Cost(picoUsd);
  }

  /** Whether nothing was changed, stopped or left unjudged since the admission. */
  public boolean isClean() {
    return !isTouched;
  }

  /** Such as {@code masked input:pii, output:secrets} or {@code blocked input:nonsense}. */
  public String verdict() {
    StringBuilder verdict = new StringBuilder();
    if (blocked.isPresent()) {
      verdict.append("blocked ").append(blocked.get());
    } else if (unavailable.isPresent()) {
      verdict.append("unavailable ").append(unavailable.get());
    } else if (masked.isEmpty()) {
      verdict.append("allowed");
    } else {
      verdict.append("masked ").append(String.join(", ", masked));
    }
    if (!bypassed.isEmpty()) {
      verdict.append("; bypassed ").append(String.join(", ", new LinkedHashSet<>(bypassed)));
    }
    return verdict.toString();
  }

  public GuardMark mark() {
    return new GuardMark(versions, verdict(), bypasses(), cost());
  }
}
