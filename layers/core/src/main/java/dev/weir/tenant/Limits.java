package dev.weir.tenant;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import dev.weir.store.Update;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a tenant may use. An absent limit never refuses.
 *
 * @param requestsPerMinute admissions in every rolling 60 s
 * @param tokensPerMinute tokens (settled, or reserved while outstanding) in every rolling 60 s
 * @param concurrency calls in flight
 * @param dayMicroUsd spend per UTC day in micro-USD
 * @param monthMicroUsd spend per UTC month in micro-USD
 * @param lifetimeMicroUsd spend ever in micro-USD
 */
public record Limits(
    OptionalLong requestsPerMinute,
    OptionalLong tokensPerMinute,
    OptionalLong concurrency,
    OptionalLong dayMicroUsd,
    OptionalLong monthMicroUsd,
    OptionalLong lifetimeMicroUsd) {

  /** The greatest limit: sums of two, and of what was ever used, are far from overflowing. */
  public static final long GREATEST = 1_000_000_000_000_000L;

  /** No limit at all. */
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  /** The names of the limits in a tenant's item, in the order of {@link #values}. */
  private static final List<String> NAMES =
      List.of(
          TenantItem.REQUESTS_PER_MINUTE,
          TenantItem.TOKENS_PER_MINUTE,
          TenantItem.CONCURRENCY,
          TenantItem.DAY_LIMIT,
          TenantItem.MONTH_LIMIT,
          TenantItem.LIFETIME_LIMIT);

  /** The limits an item, or a map inside one, holds. */
  public static Limits of(Item item) {
    return of(NAMES.stream().map(item::findNumber).toList());
  }

  /** The limits in the order of the components. */
  public static Limits of(List<OptionalLong> values) {
    return new Limits(
        values.get(0), values.get(1), values.get(2), values.get(3), values.get(4), values.get(5));
  }

  /** Each limit in the order of the components. */
  public List<OptionalLong> values() {
    return List.of(
        requestsPerMinute,
        tokensPerMinute,
        concurrency,
        dayMicroUsd,
        monthMicroUsd,
        lifetimeMicroUsd);
  }

  /** {@code item}, which has no limits, with these. */
  Item in(Item item) {
    Item with = item;
    for (int i = 0; i < NAMES.size(); i++) {
      with = with.with(NAMES.get(i), values().get(i));
    }
    return with;
  }

  /** Writes them into an item in the place of all it has. */
  public void replaceIn(Update update) {
    for (int i = 0; i < NAMES.size(); i++) {
      OptionalLong limit = values().get(i);
      if (limit.isPresent()) {
        update.set(NAMES.get(i), update.number(limit.getAsLong()));
      } else {
        update.remove(NAMES.get(i));
      }
    }
  }
}
