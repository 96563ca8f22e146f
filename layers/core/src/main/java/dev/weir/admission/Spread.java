package dev.weir.admission;

import dev.weir.store.TenantTable;
import dev.weir.store.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lends what is free of a sharded tenant's limits to where it is asked for: when the slices a call
 * has tried are exhausted, reads all items and cuts the slices anew, at most once in {@link #PACE}
 * for a tenant and for an environment. Thread-safe.
 *
 * <p>A slice belongs to an item, never to an environment, so nothing is lost when an environment
 * freezes or dies: whoever needs it next takes it. All items change in one transaction.
 */
final class Spread {

  private static final Duration PACE = Duration.ofSeconds(2);
  private static final int MOST = 1024;

  private final ShardLimiter limiter;
  private final TenantTable table;
  private final LimiterSettings settings;
  private final Consumer<LimiterAlarm> alarms;
  private final Gate gate;
  private final LinkedHashMap<String, Reading> tried = new LinkedHashMap<>(16, 0.75f, true);

  Spread(
      ShardLimiter limiter,
      TenantTable table,
      LimiterSettings settings,
      Consumer<LimiterAlarm> alarms) {
    this.limiter = limiter;
    this.table = table;
    this.settings = settings;
    this.alarms = alarms;
    this.gate = new Gate(settings);
  }

  /** An item that has room for the call, made if need be. */
  Optional<Shard> room(Ask ask, Shard home) {
    if (!isDue(ask.tenantId())) {
      return Optional.empty();
    }
    try {
      List<View> views = read(ask.tenantId());
      return views.isEmpty() ? Optional.empty() : room(ask, home, views);
    } catch (RuntimeException fault) {
      alarms.accept(new LimiterAlarm.StoreFault(ask.tenantId(), fault));
      return Optional.empty();
    }
  }

  private Optional<Shard> room(Ask ask, Shard home, List<View> views) {
    Reading now = limiter.read();
    View first = views.getFirst();
    int shards = first.tenant().shards();
    if (Math.abs(now.millis() - first.cut()) < PACE.toMillis()) {
      return views.stream()
          .filter(view -> view.shard().index() < shards && passes(view, ask, now))
          .map(View::shard)
          .findFirst();
    }
    Slices slices = new Slices(settings, views, ask, home.index() % shards, now);
    View cut = slices.home();
    Map<String, Update> updates = slices.updates();
    if (!passes(cut, ask, now) || !table.change(updates, List.of())) {
      return Optional.empty();
    }
    // Their slices are gone, and calls over the request limit are refused from memory.
    views.forEach(view -> limiter.forget(view.shard()));
    return Optional.of(cut.shard());
  }

  private boolean passes(View view, Ask ask, Reading now) {
    return gate.refusal(view, ask, now.millis()).isEmpty();
  }

  /** All items, the tenant's own first; none if one of them cannot be found. */
  private List<View> read(String tenantId) {
    Optional<View> first = limiter.learn(new Shard(tenantId, 0));
    int items = first.map(View::items).orElse(0);
    List<View> views = new ArrayList<>(first.stream().toList());
    for (int index = 1; index < items; index++) {
      limiter.learn(new Shard(tenantId, index)).ifPresent(views::add);
    }
    return views.size() == items ? views : List.of();
  }

  private synchronized boolean isDue(String tenantId) {
    Reading now = limiter.read();
    Reading last = tried.get(tenantId);
    if (last != null && last.isWithin(PACE, now)) {
      return false;
    }
    tried.put(tenantId, now);
    if (tried.size() > MOST) {
      tried.remove(tried.firstEntry().getKey());
    }
    return true;
  }
}
