package dev.weir.admission;

import java.time.Duration;

/** Something an operator must look at: a promise of the limiter is in danger. */
public sealed interface LimiterAlarm {

  /**
   * This environment's clock is beyond its error bound. Calls are refused until it is back.
   *
   * @param ahead how far it is ahead of DynamoDB's, to a second; negative: behind
   */
  record ClockError(Duration ahead) implements LimiterAlarm {}

  /**
   * Some environment with a fast clock has labelled an admission with a future slot. The tenant may
   * be refused too much until that slot has passed.
   *
   * @param ahead how far beyond this environment's clock the slot begins
   */
  record FutureMark(String tenantId, Duration ahead) implements LimiterAlarm {}

  /**
   * One of the tenant's items takes more writes than it should, or DynamoDB throttles it.
   *
   * @param shards how many items share the load now
   * @param advised how many should, by {@link dev.weir.tenant.Sharding}
   */
  record HotTenant(String tenantId, int shards, int advised) implements LimiterAlarm {}

  /** A request to the store failed, or its item could not be read; the call was refused. */
  record StoreFault(String tenantId, RuntimeException cause) implements LimiterAlarm {}
}
