package dev.weir.admission;

import dev.weir.store.Reply;
import dev.weir.store.TenantItem;
import dev.weir.store.TenantTable;
import dev.weir.store.Update;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Admission on one DynamoDB item per tenant: one conditional update reserves, one settles.
 *
 * <p>The item holds limits, keys, counters and leases, so every image that comes back with a write
 * (as it is now, or as it was when the condition failed) is a fresh view for the next decision. A
 * view that is old can cost a second request but cannot admit too much. Nobody waits for anybody:
 * thread-safe without locks around requests.
 */
public final class TenantLimiter implements Admission {

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
  private final Views views = new Views();

  /**
   * A limiter.
   *
   * @param client made by {@link dev.weir.store.DynamoDb#limiter} with the timeout of {@code
   *     settings}
   * @param nanos a monotonic clock such as {@link System#nanoTime}
   * @param alarms told what an operator should see; must not throw
   */
  public TenantLimiter(
      DynamoDbClient client,
      String tableName,
      InstantSource clock,
      LongSupplier nanos,
      LimiterSettings settings,
      Consumer<LimiterAlarm> alarms) {
    this.table = new TenantTable(client, tableName);
    this.clock = clock;
    this.nanos = nanos;
    this.settings = settings;
    this.alarms = alarms;
    this.gate = new Gate(settings);
    this.writes = new Writes(settings);
    this.guard = new ClockGuard(settings.clockError(), alarms);
  }

  /** A limiter on the system's monotonic clock whose alarms nobody hears. */
  public TenantLimiter(
      DynamoDbClient client, String tableName, InstantSource clock, LimiterSettings settings) {
    this(client, tableName, clock, System::nanoTime, settings, alarm -> {});
  }

  @Override
  public Optional<Tenant> tenant(String tenantId) {
    try {
      return known(tenantId).or(() -> learn(tenantId)).map(View::tenant);
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(tenantId, fault));
      return Optional.empty();
    }
  }

  @Override
  public Decision reserve(Ask ask) {
    try {
      return decide(ask);
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(ask.tenantId(), fault));
      return unavailable();
    }
  }

  @Override
  public Settlement settle(Reservation reservation, long tokens, long microUsd) {
    if (!reservation.leased()) {
      return Settlement.SETTLED;
    }
    try {
      Reading sent = read();
      Update update = writes.settle(reservation, tokens, microUsd, sent.millis());
      Reply reply = table.update(reservation.tenantId(), update);
      see(reservation.tenantId(), reply, sent);
      return reply instanceof Reply.Written ? Settlement.SETTLED : Settlement.ALREADY_GONE;
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(reservation.tenantId(), fault));
      return Settlement.FAILED;
    }
  }

  /** How far a decision has come. */
  private sealed interface Step {
    record Done(Decision decision) implements Step {}

    /** Decide again on a view got for this very call. */
    record Again(View view) implements Step {}
  }

  private Decision decide(Ask ask) {
    Step step =
        known(ask.tenantId()).map(view -> step(ask, view, false)).orElseGet(() -> relearn(ask));
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
      return rejected(refusal.get(), view, now);
    }
    return switch (refusal.get().dimension()) {
      // The update's condition does not repeat these checks, it only asserts the version.
      case TENANT_STATUS, KEY, MODEL, TOO_LARGE -> relearn(ask);
      case REQUESTS, TOKENS, CONCURRENCY, DAY_BUDGET, MONTH_BUDGET, LIFETIME_BUDGET, UNAVAILABLE ->
          write(ask, view, now);
    };
  }

  /** Counters only grow: an old view is right about requests unless the limit was raised since. */
  private static boolean isCertain(Refusal refusal, View view, Reading now) {
    return refusal.dimension() == Dimension.REQUESTS && view.sent().isWithin(REFUSAL_AGE, now);
  }

  private Step relearn(Ask ask) {
    return learn(ask.tenantId()).<Step>map(Step.Again::new).orElseGet(TenantLimiter::unknown);
  }

  private Step write(Ask ask, View view, Reading now) {
    Reply reply;
    try {
      reply = table.update(ask.tenantId(), writes.reserve(view, ask, now));
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(ask.tenantId(), fault));
      return new Step.Done(doubtful(reservation(ask, view, now.millis())));
    }
    Optional<View> seen = see(ask.tenantId(), reply, now);
    if (seen.isEmpty()) {
      return unknown();
    }
    if (reply instanceof Reply.Written) {
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
    return new Decision.Admitted(reservation, gate.headroom(view, now.millis()));
  }

  private Reservation reservation(Ask ask, View view, long admitted) {
    return new Reservation(
        ask.tenantId(),
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

  /** The view to decide on without asking first; none after a freeze or while the clock is off. */
  private Optional<View> known(String tenantId) {
    Reading now = read();
    return views
        .find(tenantId)
        .filter(view -> !guard.isSuspect())
        .filter(view -> !view.sent().isInterrupted(settings.clockError(), now));
  }

  private Optional<View> learn(String tenantId) {
    Reading sent = read();
    return see(tenantId, table.tenant(tenantId), sent);
  }

  private Optional<View> see(String tenantId, Reply reply, Reading sent) {
    guard.observe(sent.millis(), clock.millis(), reply.date());
    Optional<View> view = reply.item().map(item -> View.of(tenantId, item, sent));
    view.ifPresentOrElse(this::keep, () -> views.forget(tenantId));
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

  private Step rejected(Refusal refusal, View view, Reading now) {
    return new Step.Done(
        new Decision.Rejected(
            refusal.dimension(), refusal.retryAfter(), gate.headroom(view, now.millis())));
  }

  private static Step unknown() {
    return new Step.Done(
        new Decision.Rejected(Dimension.TENANT_STATUS, Optional.empty(), Headroom.UNKNOWN));
  }

  private static Decision unavailable() {
    return new Decision.Rejected(Dimension.UNAVAILABLE, Optional.of(BACK_OFF), Headroom.UNKNOWN);
  }

  private static Decision doubtful(Reservation reservation) {
    return new Decision.Rejected(
        Dimension.UNAVAILABLE,
        Optional.of(BACK_OFF),
        Headroom.UNKNOWN,
        Optional.of(reservation).filter(Reservation::leased));
  }

  private Reading read() {
    return new Reading(clock.millis(), nanos.getAsLong());
  }
}
