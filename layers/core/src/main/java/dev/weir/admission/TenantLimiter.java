package dev.weir.admission;

import dev.weir.admission.Decision.Rejected;
import dev.weir.store.TenantTable;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Admission on one DynamoDB item per tenant, or on several for a tenant with more calls than one
 * item takes. Each item admits within its slice of the limits, and slices never add up to more than
 * the limits.
 *
 * <p>A call goes to the item its id names. If that has no room, up to two others are asked, and
 * then {@link Spread} may find room. Thread-safe without locks around requests.
 */
public final class TenantLimiter implements Admission {

  private static final int TRIES = 3;
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final Consumer<LimiterAlarm> alarms;
  private final ShardLimiter limiter;
  private final Spread spread;

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
    this(client, tableName, clock, nanos, settings, alarms, mark -> true);
  }

  /**
   * A limiter that has budgets noted that are used to a mark.
   *
   * @param client made by {@link dev.weir.store.DynamoDb#limiter} with the timeout of {@code
   *     settings}
   * @param nanos a monotonic clock such as {@link System#nanoTime}
   * @param alarms told what an operator should see; must not throw
   * @param notes asked after settlements, and after refusals by a budget
   */
  public TenantLimiter(
      DynamoDbClient client,
      String tableName,
      InstantSource clock,
      LongSupplier nanos,
      LimiterSettings settings,
      Consumer<LimiterAlarm> alarms,
      BudgetNotes notes) {
    TenantTable table = new TenantTable(client, tableName);
    this.alarms = alarms;
    this.limiter = new ShardLimiter(table, clock, nanos, settings, alarms, new BudgetMarks(notes));
    this.spread = new Spread(limiter, table, settings, alarms);
  }

  /** A limiter on the system's monotonic clock whose alarms nobody hears. */
  public TenantLimiter(
      DynamoDbClient client, String tableName, InstantSource clock, LimiterSettings settings) {
    this(client, tableName, clock, System::nanoTime, settings, alarm -> {});
  }

  @Override
  public Optional<Tenant> tenant(String tenantId) {
    try {
      return limiter
          .newest(tenantId)
          .or(() -> limiter.learn(new Shard(tenantId, 0)))
          .map(View::tenant);
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(tenantId, fault));
      return Optional.empty();
    }
  }

  /** Of a tenant with several items only asking them can tell. */
  @Override
  public Optional<Rejected> refusal(Ask ask) {
    return limiter
        .newest(ask.tenantId())
        .filter(view -> view.items() == 1)
        .flatMap(view -> limiter.refusal(ask, view));
  }

  @Override
  public Decision reserve(Ask ask) {
    try {
      return decide(ask);
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(ask.tenantId(), fault));
      return ShardLimiter.unavailable();
    }
  }

  @Override
  public Settlement settle(Reservation reservation, long tokens, long microUsd) {
    return limiter.settle(reservation, tokens, microUsd);
  }

  private Decision decide(Ask ask) {
    Decision decision = first(ask);
    Shard home = shard(ask, 0);
    Set<Shard> asked = new HashSet<>(Set.of(home));
    for (int next = 0; isOfSlice(decision) && asked.size() < most(ask); next++) {
      Shard other = shard(ask, next);
      if (asked.add(other)) {
        decision = sooner(decision, limiter.decide(ask, other));
      }
    }
    if (!isOfSlice(decision) || items(ask) == 1) {
      return decision;
    }
    return spread.room(ask, shard(ask, 0)).map(room -> limiter.decide(ask, room)).orElse(decision);
  }

  /** The decision of the item the call goes to first. Who knows nothing of the tenant asks it. */
  private Decision first(Ask ask) {
    if (limiter.newest(ask.tenantId()).isPresent()) {
      return limiter.decide(ask, shard(ask, 0));
    }
    return limiter
        .learn(new Shard(ask.tenantId(), 0))
        .map(view ->
            view.tenant().shards() == 1
                ? limiter.decide(ask, view)
                : limiter.decide(ask, shard(ask, 0)))
        .orElseGet(ShardLimiter::unknown);
  }

  /** Items in the order in which a call asks them; the same call asks in the same order. */
  private Shard shard(Ask ask, int next) {
    int hash = ask.callId().hashCode() * 0x9E3779B1;
    return new Shard(ask.tenantId(), Math.floorMod((hash >>> 8) + next, shards(ask)));
  }

  private int most(Ask ask) {
    return Math.min(TRIES, shards(ask));
  }

  private int shards(Ask ask) {
    return limiter.newest(ask.tenantId()).map(view -> view.tenant().shards()).orElse(1);
  }

  private int items(Ask ask) {
    return limiter.newest(ask.tenantId()).map(View::items).orElse(1);
  }

  /** Whether another slice may have room. */
  private static boolean isOfSlice(Decision decision) {
    return decision instanceof Rejected rejected
        && switch (rejected.dimension()) {
          case REQUESTS, TOKENS, CONCURRENCY, DAY_BUDGET, MONTH_BUDGET, LIFETIME_BUDGET -> true;
          case TENANT_STATUS, KEY, MODEL, TOO_LARGE, UNAVAILABLE -> false;
        };
  }

  /** The admission, if either is one, and else the refusal that waits less. */
  private static Decision sooner(Decision one, Decision other) {
    return one instanceof Rejected first
            && other instanceof Rejected second
            && isOfSlice(second)
            && wait(first).compareTo(wait(second)) <= 0
        ? one
        : other;
  }

  private static Duration wait(Rejected rejected) {
    return rejected.retryAfter().orElse(FOR_EVER);
  }
}
