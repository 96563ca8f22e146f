package dev.weir.admission;

import dev.weir.store.TenantItem;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides from one view, without any input or output, whether a call passes. Limits that waiting
 * does not help come first.
 */
final class Gate {

  /** A call normally ends long before its lease does. */
  private static final Duration CONCURRENCY_POLL = Duration.ofSeconds(1);

  private final LimiterSettings settings;

  Gate(LimiterSettings settings) {
    this.settings = settings;
  }

  /** What the view shows against the call, if anything. */
  Optional<Refusal> refusal(View view, Ask ask, long now) {
    return permission(view.tenant(), ask, now)
        .or(() -> budget(view, ask, now))
        .or(() -> requests(view, now))
        .or(() -> tokens(view, ask, now))
        .or(() -> concurrency(view, ask, now));
  }

  /** What the tenant's rate limits leave, as far as the slices of these views show it. */
  Headroom headroom(Tenant tenant, List<View> views, long now) {
    long first = settings.firstSlot(now);
    long requests = 0;
    long tokens = 0;
    Duration reset = Duration.ZERO;
    for (View view : views) {
      requests += left(view.slice().requestsPerMinute(), view.window().requestsUsed(first));
      tokens += left(view.slice().tokensPerMinute(), view.window().tokensUsed(first));
      Duration empty = wait(view.window().slotWhenEmpty(), now).orElse(Duration.ZERO);
      reset = empty.compareTo(reset) > 0 ? empty : reset;
    }
    return new Headroom(
        window(tenant.limits().requestsPerMinute(), requests, reset),
        window(tenant.limits().tokensPerMinute(), tokens, reset));
  }

  private static Optional<Refusal> permission(Tenant tenant, Ask ask, long now) {
    Tenant.Key key = tenant.keys().get(ask.keyId());
    if (tenant.status() != Tenant.Status.ACTIVE) {
      return Optional.of(Refusal.forGood(Dimension.TENANT_STATUS));
    }
    if (key == null || !key.isValid(Instant.ofEpochMilli(now))) {
      return Optional.of(Refusal.forGood(Dimension.KEY));
    }
    if (!ask.model().equals(Ask.NO_MODEL) && !key.allows(ask.model())) {
      return Optional.of(Refusal.forGood(Dimension.MODEL));
    }
    return exceeds(ask.tokens(), tenant.limits().tokensPerMinute())
        ? Optional.of(Refusal.forGood(Dimension.TOO_LARGE))
        : Optional.empty();
  }

  private static Optional<Refusal> budget(View view, Ask ask, long now) {
    if (ask.microUsd() == 0) {
      return Optional.empty();
    }
    Limits limits = view.slice();
    long asked = ask.microUsd();
    long day = view.budgets().getOrDefault(TenantItem.dayWindow(now), 0L);
    long month = view.budgets().getOrDefault(TenantItem.monthWindow(now), 0L);
    if (exceeds(view.spent() + asked, limits.lifetimeMicroUsd())) {
      return Optional.of(Refusal.forGood(Dimension.LIFETIME_BUDGET));
    }
    if (exceeds(month + asked, limits.monthMicroUsd())) {
      return Optional.of(Refusal.forGood(Dimension.MONTH_BUDGET));
    }
    return exceeds(day + asked, limits.dayMicroUsd())
        ? Optional.of(Refusal.forGood(Dimension.DAY_BUDGET))
        : Optional.empty();
  }

  private Optional<Refusal> requests(View view, long now) {
    OptionalLong limit = view.slice().requestsPerMinute();
    if (!exceeds(view.window().requestsUsed(settings.firstSlot(now)) + 1, limit)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            Dimension.REQUESTS, wait(view.window().slotForRequest(limit.getAsLong()), now)));
  }

  private Optional<Refusal> tokens(View view, Ask ask, long now) {
    OptionalLong limit = view.slice().tokensPerMinute();
    long used = view.window().tokensUsed(settings.firstSlot(now));
    if (ask.tokens() == 0 || !exceeds(used + ask.tokens(), limit)) {
      return Optional.empty();
    }
    OptionalLong slot = view.window().slotForTokens(limit.getAsLong(), ask.tokens());
    return Optional.of(new Refusal(Dimension.TOKENS, wait(slot, now)));
  }

  private Optional<Refusal> concurrency(View view, Ask ask, long now) {
    OptionalLong limit = view.slice().concurrency();
    if (ask.lease().isZero() || !exceeds(view.leases().size() + 1, limit)) {
      return Optional.empty();
    }
    long held = view.leases().size() - Reclaim.from(view, ask, now, settings).size();
    return exceeds(held + 1, limit)
        ? Optional.of(new Refusal(Dimension.CONCURRENCY, Optional.of(CONCURRENCY_POLL)))
        : Optional.empty();
  }

  private Optional<Duration> wait(OptionalLong slot, long now) {
    return slot.stream().mapToObj(first -> until(first, now)).findFirst();
  }

  /** The next caller's clock may be 2 D behind this one. */
  private Duration until(long firstSlot, long now) {
    long millis = settings.firstAt(firstSlot) + 2 * settings.clockError().toMillis() - now;
    return Duration.ofMillis(Math.max(0, millis));
  }

  private static long left(OptionalLong slice, long used) {
    return Math.max(0, slice.orElse(0) - used);
  }

  private static Optional<Headroom.Window> window(OptionalLong limit, long left, Duration reset) {
    return limit.stream().mapToObj(most -> new Headroom.Window(most, left, reset)).findFirst();
  }

  private static boolean exceeds(long amount, OptionalLong limit) {
    return limit.isPresent() && amount > limit.getAsLong();
  }
}
