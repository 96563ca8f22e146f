package dev.weir.inference;

import dev.weir.admission.Reservation;
import dev.weir.ledger.Cost;
import dev.weir.route.Target;
import dev.weir.tenant.Tenant;
import java.util.Optional;

/**
 * Which targets may be asked for one call, as far as the call itself decides: what they can do,
 * what they cost against what is left of the reservation, and whether the key may use them.
 */
final class Candidates {

  private final ChatPlan plan;
  private final Reservation reservation;
  private final Optional<Tenant.Key> key;

  /**
   * @param key empty when it is not known, which allows no stand-in
   */
  Candidates(ChatPlan plan, Reservation reservation, Optional<Tenant.Key> key) {
    this.plan = plan;
    this.reservation = reservation;
    this.key = key;
  }

  /**
   * The output cap for a target: what was asked for, or what it can write if nobody asked for more.
   */
  long cap(Target target) {
    return plan.request().maxTokens().isPresent()
        ? plan.maxTokens()
        : Math.min(plan.maxTokens(), target.maxOutputTokens());
  }

  /**
   * Why the target cannot be asked, in a word for the client; empty if it can.
   *
   * @param more prompt tokens beside the plan's
   */
  Optional<String> obstacle(Target target, Hops hops, long more) {
    long prompt = plan.promptTokens() + more;
    long cap = cap(target);
    if (target.step() != Target.Step.NONE && !isAllowed(target)) {
      return Optional.of("not allowed");
    }
    if (cap > target.maxOutputTokens() || prompt + cap > target.contextTokens()) {
      return Optional.of("too small");
    }
    if (!target.tools() && !plan.request().tools().isEmpty()) {
      return Optional.of("no tools");
    }
    if (!target.images() && ChatPlanner.hasImage(plan.request())) {
      return Optional.of("no images");
    }
    Answer.Bill spent = hops.bill();
    Cost bound = target.price().bound(prompt, cap);
    boolean isCovered =
        Math.addExact(spent.usage().totalTokens(), prompt + cap) <= reservation.tokens()
            && Math.addExact(spent.cost().picoUsd(), bound.picoUsd())
                <= Math.multiplyExact(reservation.microUsd(), Cost.PICO_PER_MICRO)
                    - plan.guardBound().picoUsd();
    return isCovered ? Optional.empty() : Optional.of("not covered by the reservation");
  }

  private boolean isAllowed(Target target) {
    return key.isPresent()
        && (target.models().isEmpty() || target.models().stream().anyMatch(key.get()::allows));
  }
}
