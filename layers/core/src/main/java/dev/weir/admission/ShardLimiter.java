package dev.weir.admission;

import dev.weir.store.Reply;
import dev.weir.store.TenantItem;
import dev.weir.store.TenantTable;
import dev.weir.store.Update;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Admission on one of a tenant's items: one conditional update reserves, one settles.
 *
 * <p>The item holds limits, keys, counters and leases, so every image that comes back with a write
 * (as it is now, or as it was when the condition failed) is a fresh view for the next decision. A
 * view that is old can cost a second request but cannot admit too much. Nobody waits for anybody:
 * thread-safe without locks around requests.
 */
final class ShardLimiter {

  private static final int RETRIES = 3;
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  /** How long calls over the request limit are refused without asking whether it was raised. */
  private static final Duration REFUSAL_AGE = Duration.ofSeconds(1);

  private final TenantTable table;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final LimiterSettings settings;
  private final Consumer<LimiterAlarm> alarms;
  private final Gate gate;
  private final Writes writes;
  private final ClockGuard guard;
  private final BudgetMarks marks;
  private final Views views = new Views();

  ShardLimiter(
      TenantTable table,
      InstantSource clock,
      LongSupplier nanos,
      LimiterSettings settings,
      Consumer<LimiterAlarm> alarms,
      BudgetMarks marks) {
    this.marks = marks;
    this.table = table;
    this.clock = clock;
    this.nanos = nanos;
    this.settings = settings;
    this.alarms = alarms;
    this.gate = new Gate(settings);
    this.writes = new Writes(settings);
    this.guard = new ClockGuard(settings.clockError(), alarms);
  }

  /** The newest view of any of the tenant's items, if there is one to decide on. */
  Optional<View> newest(String tenantId) {
    return views.newest(tenantId).filter(this::isUsable);
  }

  /** What the tenant has left, as far as the views of its items show it. */
  Headroom headroom(View view, long now) {
    List<View> all = views.all(view.shard().tenantId());
    return gate.headroom(view.tenant(), all.size() < 2 ? List.of(view) : all, now);
  }

  Admission.Settlement settle(Reservation reservation, long tokens, long microUsd) {
    if (!reservation.leased()) {
      return Admission.Settlement.SETTLED;
    }
    try {
      Reading sent = read();
      Update update = writes.settle(reservation, tokens, microUsd, sent.millis());
      Shard shard = new Shard(reservation.tenantId(), reservation.shard());
      Reply reply = table.update(shard.itemId(), update);
      see(shard, reply, sent).ifPresent(view -> marks.seen(known(view), sent.millis()));
      return reply instanceof Reply.Written
          ? Admission.Settlement.SETTLED
          : Admission.Settlement.ALREADY_GONE;
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(reservation.tenantId(), fault));
      return Admission.Settlement.FAILED;
    }
  }

  /** How far a decision has come. */
  private sealed interface Step {
    record Done(Decision decision) implements Step {}

    /** Decide again on a view got for this very call. */
    record Again(View view) implements Step {}
  }

  /** The refusal of the call, if the view needs no asking to be certain of it. */
  Optional<Decision.Rejected> refusal(Ask ask, View view) {
    Reading now = read();
    return gate.refusal(view, ask, now.millis())
        .filter(refusal -> isCertain(refusal, view, now))
        .map(refusal -> rejected(refusal, view, now));
  }

  /** Decides the call on this item alone. */
  Decision decide(Ask ask, Shard shard) {
    return decide(
        ask,
        views
            .find(shard)
            .filter(this::isUsable)
            .map(view -> step(ask, view, false))
            .orElseGet(() -> relearn(shard)));
  }

  /** Decides the call on the item of a view got for this very call. */
  Decision decide(Ask ask, View view) {
    return decide(ask, new Step.Again(view));
  }

  private Decision decide(Ask ask, Step first) {
    Step step = first;
    for (int retries = 0; retries < RETRIES && step instanceof Step.Again again; retries++) {
      step = step(ask, again.view(), true);
    }
    return step instanceof Step.Done done ? done.decision() : unavailable();
  }

  private Step step(Ask ask, View view, boolean current) {
    if (guard.isSuspect()) {
      return new Step.Done(unavailable());
    }
    Reading now = read();
    Optional<Refusal> refusal = gate.refusal(view, ask, now.millis());
    if (refusal.isEmpty()) {
      return write(ask, view, now);
    }
    if (current || isCertain(refusal.get(), view, now)) {
      return new Step.Done(rejected(refusal.get(), view, now));
    }
    return switch (refusal.get().dimension()) {
      // The update's condition does not repeat these checks, it only asserts the version.
      case TENANT_STATUS, KEY, MODEL, TOO_LARGE -> relearn(view.shard());
      case REQUESTS, TOKENS, CONCURRENCY, DAY_BUDGET, MONTH_BUDGET, LIFETIME_BUDGET, UNAVAILABLE ->
          write(ask, view, now);
    };
  }

  /** Counters only grow: an old view is right about requests unless the limit was raised since. */
  private static boolean isCertain(Refusal refusal, View view, Reading now) {
    return refusal.dimension() == Dimension.REQUESTS && view.sent().isWithin(REFUSAL_AGE, now);
  }

  private Step relearn(Shard shard) {
    return learn(shard).<Step>map(Step.Again::new).orElseGet(() -> new Step.Done(unknown()));
  }

  private Step write(Ask ask, View view, Reading now) {
    Reply reply;
    try {
      reply = table.update(view.shard().itemId(), writes.reserve(view, ask, now));
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(ask.tenantId(), fault));
      Heat.ofThrottled(view, fault, now.millis(), settings).ifPresent(alarms);
      return new Step.Done(doubtful(reservation(ask, view, now.millis())));
    }
    Optional<View> seen = see(view.shard(), reply, now);
    if (seen.isEmpty()) {
      return new Step.Done(unknown());
    }
    if (reply instanceof Reply.Written) {
      Heat.of(seen.get(), now.millis(), settings).ifPresent(alarms);
      return new Step.Done(admitted(ask, seen.get(), now.millis(), now));
    }
    // A lost reply: the repeated request finds what the first one did.
    Lease own = seen.get().leases().get(ask.callId());
    return own == null
        ? new Step.Again(seen.get())
        : new Step.Done(admitted(ask, seen.get(), own.admitted(), now));
  }

  private Decision admitted(Ask ask, View view, long admitted, Reading now) {
    Reservation reservation = reservation(ask, view, admitted);
    if (guard.isSuspect() || isLate(now)) {
      settle(reservation, 0, 0);
      return unavailable();
    }
    return new Decision.Admitted(reservation, headroom(view, now.millis()));
  }

  private Reservation reservation(Ask ask, View view, long admitted) {
    return new Reservation(
        ask.tenantId(),
        view.shard().index(),
        ask.callId(),
        view.generation(),
        settings.slotAt(admitted),
        TenantItem.dayWindow(admitted),
        TenantItem.monthWindow(admitted),
        ask.tokens(),
        ask.microUsd(),
        !ask.lease().isZero());
  }

  /** The proof needs the update to be carried out within L of reading the clock. */
  private boolean isLate(Reading sent) {
    Reading now = read();
    long wall = sent.wallSince(now) - 2 * settings.clockError().toMillis();
    return Math.max(sent.monotonicSince(now), wall) > settings.timeout().toMillis();
  }

  /** Whether to decide on it without asking: not after a freeze or while the clock is off. */
  private boolean isUsable(View view) {
    return !guard.isSuspect() && !view.sent().isInterrupted(settings.clockError(), read());
  }

  /** Lets the next decision on the item read it. */
  void forget(Shard shard) {
    views.forget(shard);
  }

  /** Reads the item. */
  Optional<View> learn(Shard shard) {
    Reading sent = read();
    return see(shard, table.tenant(shard.itemId()), sent);
  }

  private Optional<View> see(Shard shard, Reply reply, Reading sent) {
    guard.observe(sent.millis(), clock.millis(), reply.date());
    Optional<View> view = reply.item().map(item -> View.of(shard, item, sent));
    view.ifPresentOrElse(this::keep, () -> views.forget(shard));
    return view;
  }

  private void keep(View view) {
    views.keep(view);
    long now = clock.millis();
    OptionalLong last = view.window().lastSlot();
    if (last.isPresent()
        && last.getAsLong() > settings.slotAt(now + 2 * settings.clockError().toMillis())) {
      Duration ahead = Duration.ofMillis(settings.startOf(last.getAsLong()) - now);
      alarms.accept(new LimiterAlarm.FutureMark(view.tenant().id(), ahead));
    }
  }

  /** The views of the tenant's items, this one first. */
  private List<View> known(View view) {
    return Stream.concat(
            Stream.of(view),
            views.all(view.shard().tenantId()).stream()
                .filter(other -> !other.shard().equals(view.shard())))
        .toList();
  }

  private Decision.Rejected rejected(Refusal refusal, View view, Reading now) {
    marks.refused(refusal, known(view), now.millis());
    return new Decision.Rejected(
        refusal.dimension(), refusal.retryAfter(), headroom(view, now.millis()));
  }

  /** The refusal of a tenant there is none of. */
  static Decision unknown() {
    return new Decision.Rejected(Dimension.TENANT_STATUS, Optional.empty(), Headroom.UNKNOWN);
  }

  static Decision unavailable() {
    return new Decision.Rejected(Dimension.UNAVAILABLE, Optional.of(BACK_OFF), Headroom.UNKNOWN);
  }

  private static Decision doubtful(Reservation reservation) {
    return new Decision.Rejected(
        Dimension.UNAVAILABLE,
        Optional.of(BACK_OFF),
        Headroom.UNKNOWN,
        Optional.of(reservation).filter(Reservation::leased));
  }

  /** Both clocks now. */
  Reading read() {
    return new Reading(clock.millis(), nanos.getAsLong());
  }
}
