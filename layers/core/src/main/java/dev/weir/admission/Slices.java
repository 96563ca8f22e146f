package dev.weir.admission;

import dev.weir.store.TenantItem;
import dev.weir.store.Update;
import dev.weir.tenant.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** Cuts all of a tenant's limits anew, from one view of each of its items. */
final class Slices {

  private final LimiterSettings settings;
  private final List<View> views;
  private final Ask ask;
  private final int home;
  private final Reading now;

  /**
   * Slices as they are to be.
   *
   * @param views all items in the order of their indices
   * @param home the index of the item that is to pass {@code ask}
   */
  Slices(LimiterSettings settings, List<View> views, Ask ask, int home, Reading now) {
    this.settings = settings;
    this.views = views;
    this.ask = ask;
    this.home = home;
    this.now = now;
  }

  /** One item's slices and covers. */
  private record Sliced(View view, Limits slice, Limits cover) {}

  /** The home's view as it would be. */
  View home() {
    return views.get(home).with(all().get(home).slice());
  }

  /**
   * The updates that must all hold or none: each asserts that its item is as it was configured and
   * within its cover, and raises its version, so that no view from before admits any more.
   */
  Map<String, Update> updates() {
    Map<String, Update> updates = new HashMap<>();
    for (Sliced sliced : all()) {
      updates.put(sliced.view().shard().itemId(), update(sliced));
    }
    return updates;
  }

  private List<Sliced> all() {
    long money = ask.microUsd();
    List<List<Share>> limits =
        List.of(
            cut(0, view -> view.window().requestsUsed(first()), 1, true),
            cut(1, view -> view.window().tokensUsed(first()), ask.tokens(), true),
            cut(2, this::running, ask.lease().isZero() ? 0 : 1, true),
            cut(3, view -> spent(view, days()), money, false),
            cut(4, view -> spent(view, months()), money, false),
            cut(5, View::spent, money, false));
    List<Sliced> all = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      int index = i;
      all.add(
          new Sliced(
              views.get(index),
              limits(limits, index, Share::slice),
              limits(limits, index, Share::cover)));
    }
    return all;
  }

  private static Limits limits(List<List<Share>> limits, int index, ToLongFunction<Share> part) {
    return Limits.of(
        limits.stream()
            .map(shares ->
                shares.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(part.applyAsLong(shares.get(index))))
            .toList());
  }

  private List<Share> cut(int limit, ToLongFunction<View> use, long asked, boolean refills) {
    OptionalLong whole = views.getFirst().tenant().limits().values().get(limit);
    List<Long> used = views.stream().mapToLong(use).boxed().toList();
    int shards = views.getFirst().tenant().shards();
    return whole.isEmpty()
        ? List.of()
        : Share.cut(whole.getAsLong(), used, shards, home, asked, refills);
  }

  private Update update(Sliced sliced) {
    View view = sliced.view();
    Limits cover = sliced.cover();
    Update update = new Update();
    update.require(TenantItem.GENERATION + " = " + update.text(view.generation()));
    update.require(TenantItem.VERSION + " = " + update.number(view.tenant().version()));
    update.add(TenantItem.VERSION, 1);
    sliced.slice().replaceIn(update);
    if (view.shard().index() == 0) {
      update.set(TenantItem.CUT, update.number(now.millis()));
    }
    List<Map.Entry<String, Lease>> ended = ended(view);
    ended.forEach(lease -> Writes.reclaim(update, lease));
    cover
        .requestsPerMinute()
        .ifPresent(most -> within(update, TenantItem.REQUESTS, bound(view, most)));
    cover.tokensPerMinute().ifPresent(most -> Writes.fits(settings, update, view, most, 0, now));
    cover
        .concurrency()
        .ifPresent(most -> within(update, "size(" + TenantItem.LEASES + ")", most + ended.size()));
    cover.dayMicroUsd().ifPresent(most -> within(update, days(), most));
    cover.monthMicroUsd().ifPresent(most -> within(update, months(), most));
    cover.lifetimeMicroUsd().ifPresent(most -> within(update, TenantItem.SPENT, most));
    return update;
  }

  private long bound(View view, long most) {
    return view.window().requests().base(first()) + most;
  }

  private static void within(Update update, String count, long most) {
    update.require(count + " <= " + update.number(most));
  }

  private static void within(Update update, List<String> windows, long most) {
    for (String window : windows) {
      String name = update.name(window);
      String bound = update.number(most);
      update.require("(attribute_not_exists(%s) OR %s <= %s)".formatted(name, name, bound));
    }
  }

  private long running(View view) {
    return view.leases().size() - ended(view).size();
  }

  private List<Map.Entry<String, Lease>> ended(View view) {
    return Reclaim.from(view, ask, now.millis(), settings);
  }

  private static long spent(View view, List<String> windows) {
    return windows.stream()
        .mapToLong(window -> view.budgets().getOrDefault(window, 0L))
        .max()
        .orElse(0);
  }

  private long first() {
    return settings.firstSlot(now.millis());
  }

  /** Near midnight some environments are in another day than this one. */
  private List<String> days() {
    return around().mapToObj(TenantItem::dayWindow).distinct().toList();
  }

  private List<String> months() {
    return around().mapToObj(TenantItem::monthWindow).distinct().toList();
  }

  private LongStream around() {
    long margin = settings.margin().toMillis();
    return LongStream.of(now.millis() - margin, now.millis() + margin);
  }
}
