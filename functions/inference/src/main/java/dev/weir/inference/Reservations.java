package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.admission.Reservation;
import dev.weir.ledger.Cost;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a request asks of its tenant's limits. */
final class Reservations {

  /** Limits that a smaller reservation may still pass. */
  private static final Set<Dimension> ROOM =
      EnumSet.of(
          Dimension.TOKENS,
          Dimension.TOO_LARGE,
          Dimension.DAY_BUDGET,
          Dimension.MONTH_BUDGET,
          Dimension.LIFETIME_BUDGET);

  private final Admission admission;
  private final Supplier<String> callIds;

  Reservations(Admission admission, Supplier<String> callIds) {
    this.admission = admission;
    this.callIds = callIds;
  }

  /**
   * An answer, as planned where the limits allow that.
   *
   * @param plan as it was reserved for
   */
  record Reserved(Decision decision, ChatPlan plan) {}

  /**
   * For the dearest way the plan may go. What fits only without its room, or without its knowledge
   * base, is not refused for it.
   */
  Reserved forAnswer(Visit visit, ChatPlan plan) {
    return forAnswer(visit, plan, 0, Cost.ZERO);
  }

  /**
   * The same.
   *
   * @param moreTokens tokens beside the plan's, at {@code more} cost
   */
  Reserved forAnswer(Visit visit, ChatPlan plan, long moreTokens, Cost more) {
    Decision decision =
        forAnswer(visit, plan.model().id(), plan.tokens() + moreTokens, plan.reserved().plus(more));
    if (!(decision instanceof Decision.Rejected rejected) || !ROOM.contains(rejected.dimension())) {
      return new Reserved(decision, plan);
    }
    if (plan.hasRoom()) {
      return forAnswer(visit, plan.withoutRoom(), moreTokens, more);
    }
    ChatPlan without = plan.withoutRetrieval("over budget");
    return without.equals(plan)
        ? new Reserved(decision, plan)
        : forAnswer(visit, without, moreTokens, more);
  }

  /** For a call of at most so many tokens at such a cost. */
  Decision forAnswer(Visit visit, String model, long tokens, Cost cost) {
    return reserve(visit, model, tokens, cost.microUsd(), visit.lease());
  }

  /** What was kept counts as a request, and neither as tokens nor as money. */
  Decision forKept(Visit visit, ChatPlan plan) {
    return forKept(visit, plan.model().id());
  }

  /** What was kept of a model. */
  Decision forKept(Visit visit, String model) {
    return reserve(visit, model, 0, 0, Duration.ZERO);
  }

  /** What is kept of no model. */
  Decision forKept(Visit visit) {
    return forKept(visit, Ask.NO_MODEL);
  }

  /** The refusal of whatever is asked, where it is certain before anything is done for it. */
  Optional<Decision.Rejected> refusal(Visit visit) {
    return admission.refusal(ask(visit, Ask.NO_MODEL, 0, 0, Duration.ZERO));
  }

  /** Gives back all of a reservation that nothing was asked under. */
  void giveBack(Reservation reservation) {
    admission.settle(reservation, 0, 0);
  }

  /** Whether the tenant's guard set is another than planned with: the admission knows it now. */
  boolean hasOtherGuard(Visit visit, ChatPlan plan) {
    return hasOtherGuard(visit, plan.tenantGuard());
  }

  /** Whether the tenant's guard set is another than this. */
  boolean hasOtherGuard(Visit visit, Optional<String> planned) {
    return tenant(visit).filter(known -> !known.guard().equals(planned)).isPresent();
  }

  /** The tenant as last heard of; empty when it is not known. */
  Optional<Tenant> tenant(Visit visit) {
    return admission.tenant(visit.tenantId());
  }

  /** How the tenant's prompts are bounded. */
  EstimateMode mode(Visit visit) {
    return tenant(visit).map(Tenant::estimate).orElse(EstimateMode.TOKENS);
  }

  /** The key as last heard of; empty when it is not known. */
  Optional<Tenant.Key> key(Visit visit) {
    return tenant(visit).flatMap(known -> Optional.ofNullable(known.keys().get(visit.keyId())));
  }

  private Decision reserve(Visit visit, String model, long tokens, long microUsd, Duration lease) {
    return admission.reserve(ask(visit, model, tokens, microUsd, lease));
  }

  private Ask ask(Visit visit, String model, long tokens, long microUsd, Duration lease) {
    return new Ask(visit.tenantId(), visit.keyId(), callIds.get(), model, tokens, microUsd, lease);
  }
}
