package dev.weir.inference;

import dev.weir.admission.Admission;
import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.admission.Headroom;
import dev.weir.admission.Reservation;
import dev.weir.tenant.AtBudget;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.SessionRule;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Admits everything until told to refuse, and remembers what it was asked and told. */
final class FakeAdmission implements Admission {

  /** A settlement: tokens and micro-USD. */
  record Settled(long tokens, long microUsd) {}

  final List<Ask> asks = new CopyOnWriteArrayList<>();
  final List<Settled> settled = new CopyOnWriteArrayList<>();

  /** A reservation above it is refused. */
  long budgetMicroUsd = Long.MAX_VALUE;

  Runnable onSettle = () -> {};
  Optional<String> guard = Optional.empty();
  Optional<Instant> capture = Optional.empty();
  SessionRule sessions = SessionRule.STACK;
  Runnable onReserve = () -> {};

  /** The models the caller's key may use; empty: all. */
  Set<String> allowed = Set.of();

  /** Whether no tenant is known but for decisions. */
  boolean forgets;

  /** Whether a refusal is known before it is asked for. */
  boolean isCertain;

  private Optional<Dimension> refusal = Optional.empty();
  private Settlement settlement = Settlement.SETTLED;

  void refuseWith(Dimension dimension) {
    refusal = Optional.of(dimension);
  }

  void admit() {
    refusal = Optional.empty();
  }

  void failSettlements() {
    settlement = Settlement.FAILED;
  }

  @Override
  public Optional<Tenant> tenant(String tenantId) {
    if (forgets) {
      return Optional.empty();
    }
    return Optional.of(
        new Tenant(
            tenantId,
            Tenant.Status.ACTIVE,
            EstimateMode.TOKENS,
            Limits.NONE,
            1,
            Map.of("k1", new Tenant.Key(Optional.empty(), allowed)),
            guard,
            capture,
            1,
            AtBudget.NOTIFY,
            sessions));
  }

  @Override
  public Optional<Decision.Rejected> refusal(Ask ask) {
    return isCertain ? rejected() : Optional.empty();
  }

  private Optional<Decision.Rejected> rejected() {
    return refusal.map(by -> new Decision.Rejected(by, Optional.empty(), Headroom.UNKNOWN));
  }

  @Override
  public Decision reserve(Ask ask) {
    if (refusal.isPresent()) {
      return rejected().get();
    }
    if (ask.microUsd() > budgetMicroUsd) {
      return new Decision.Rejected(Dimension.DAY_BUDGET, Optional.empty(), Headroom.UNKNOWN);
    }
    asks.add(ask);
    onReserve.run();
    return new Decision.Admitted(
        new Reservation(
            ask.tenantId(),
            0,
            ask.callId(),
            "g",
            0,
            "d",
            "m",
            ask.tokens(),
            ask.microUsd(),
            !ask.lease().isZero()),
        new Headroom(
            Optional.of(new Headroom.Window(60, 60 - asks.size(), Duration.ofSeconds(60))),
            Optional.empty()));
  }

  @Override
  public Settlement settle(Reservation reservation, long tokens, long microUsd) {
    onSettle.run();
    settled.add(new Settled(tokens, microUsd));
    return settlement;
  }
}
