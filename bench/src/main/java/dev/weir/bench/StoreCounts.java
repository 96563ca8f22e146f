package dev.weir.bench;

import dev.weir.bench.Stack.Start;
import dev.weir.tenant.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** Counts on the wire what each kind of call asks of DynamoDB, and how long Lambda bills it. */
final class StoreCounts {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final int TRIES = 3;

  private final Stack stack;
  private final LocalStore store;
  private final Events tenant;

  /** One kind of call. */
  record Kind(StoreTrips store, double billedMillis) {}

  /** Every kind of call. */
  record Counts(
      Kind admitted,
      Kind cacheMiss,
      Kind cacheHit,
      StoreTrips rateDenied,
      StoreTrips rateDeniedAtOnce,
      StoreTrips budgetDenied) {}

  /**
   * @param tenant a tenant that has been calling for more than a minute, so that its item is as
   *     large as it gets
   */
  StoreCounts(Stack stack, LocalStore store, Events tenant) {
    this.stack = stack;
    this.store = store;
    this.tenant = tenant;
  }

  Counts count() throws IOException, InterruptedException {
    Events oneAMinute = store.tenant("one-a-minute", limits(OptionalLong.of(1), NONE));
    Events broke = store.tenant("broke", limits(NONE, OptionalLong.of(1)));
    try (StoreProxy proxy = new StoreProxy(store.url());
        FunctionEnvironment chat = stack.chat(Start.SNAP_START, proxy.url(), 1)) {
      chat.restore();
      call(chat, tenant.buffered("plain", Events.QUESTION), 200);
      call(chat, oneAMinute.buffered("plain", Events.QUESTION), 200);
      call(chat, broke.buffered("plain", Events.QUESTION), 429);
      proxy.takeTrips();
      Kind admitted = kind(chat, proxy, tenant.buffered("plain", Events.QUESTION), 200);
      Kind miss = kind(chat, proxy, tenant.buffered("cached", "Counted. " + Events.QUESTION), 200);
      Kind hit = kind(chat, proxy, tenant.buffered("cached", "Counted. " + Events.QUESTION), 200);
      StoreTrips rate = refused(chat, proxy, oneAMinute.buffered("plain", Events.QUESTION));
      Kind atOnce = kind(chat, proxy, oneAMinute.buffered("plain", Events.QUESTION), 429);
      Kind budget = kind(chat, proxy, broke.buffered("plain", Events.QUESTION), 429);
      return new Counts(admitted, miss, hit, rate, atOnce.store(), budget.store());
    }
  }

  /** The least of several: the kill switches are read every few seconds, whoever calls. */
  private static StoreTrips refused(FunctionEnvironment chat, StoreProxy proxy, byte[] event)
      throws InterruptedException {
    List<StoreTrips> counted = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      Thread.sleep(1_100); // a refusal younger than a second is repeated without asking
      proxy.takeTrips();
      counted.add(kind(chat, proxy, event, 429).store());
    }
    return Collections.min(counted, Comparator.comparingInt(StoreTrips::trips));
  }

  private static Kind kind(FunctionEnvironment chat, StoreProxy proxy, byte[] event, int status) {
    Call call = call(chat, event, status);
    return new Kind(StoreTrips.of(proxy.takeTrips()), call.billedMillis());
  }

  private static Call call(FunctionEnvironment chat, byte[] event, int status) {
    return chat.call(event).expect(status);
  }

  private static Limits limits(OptionalLong requestsPerMinute, OptionalLong dayMicroUsd) {
    return new Limits(requestsPerMinute, NONE, NONE, dayMicroUsd, NONE, NONE);
  }
}
