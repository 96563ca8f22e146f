package dev.weir.tenant;

import dev.weir.store.Item;
import dev.weir.store.Reply;
import dev.weir.store.TenantItem;
import dev.weir.store.TenantTable;
import dev.weir.store.TenantTable.KeyWrite;
import dev.weir.store.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All items of one tenant, changed as one: a change is a single write, or one transaction where
 * there are several items, so no crash can leave an item behind. Each raises the version that every
 * admission on its item asserts.
 */
final class TenantItems {

  /** The limiter cuts slices anew at most every two seconds: a second try nearly always holds. */
  private static final int TRIES = 10;

  private final TenantTable table;
  private final Supplier<String> generations;

  TenantItems(TenantTable table, Supplier<String> generations) {
    this.table = table;
    this.generations = generations;
  }

  /** All items as they are now, the tenant's own first; none if there is no such tenant. */
  List<Item> read(String tenantId) {
    Optional<Item> first = table.tenant(tenantId).item();
    List<Item> items = new ArrayList<>(first.stream().toList());
    int count = first.map(TenantItems::count).orElse(0);
    for (int index = 1; index < count; index++) {
      table.tenant(TenantItem.id(tenantId, index)).item().ifPresent(items::add);
    }
    return items;
  }

  /**
   * Makes the same change to every item, together with items of keys; false if there is no such
   * tenant or a condition of the change does not hold.
   */
  boolean change(String tenantId, Consumer<Update> edit, List<KeyWrite> keys) {
    Optional<Item> first = table.tenant(tenantId).item();
    for (int tries = 0; tries < TRIES && first.isPresent(); tries++) {
      int count = count(first.get());
      Map<String, Update> updates = new HashMap<>();
      for (int index = 0; index < count; index++) {
        Update update = raised(count);
        edit.accept(update);
        updates.put(TenantItem.id(tenantId, index), update);
      }
      if (write(updates, keys)) {
        return true;
      }
      first = table.tenant(tenantId).item().filter(now -> count(now) != count);
    }
    return false;
  }

  /**
   * Replaces the limits. Of a higher limit every slice gets a part. Of a lower one nothing is left
   * until the limiter has cut it anew, which alone knows what is in use.
   */
  boolean limit(String tenantId, Limits limits) {
    return cut(tenantId, items -> sliced(items, limits, update -> {}));
  }

  /**
   * Replaces the limits and makes a change to every item; false if the first has another version
   * than this by now, or is gone.
   */
  boolean configure(String tenantId, long version, Limits limits, Consumer<Update> edit) {
    List<Item> items = read(tenantId);
    if (items.isEmpty() || items.getFirst().number(TenantItem.VERSION) != version) {
      return false;
    }
    Map<String, Update> updates = new HashMap<>();
    sliced(items, limits, edit)
        .forEach((index, update) -> updates.put(TenantItem.id(tenantId, index), update));
    return write(updates, List.of());
  }

  private static Map<Integer, Update> sliced(
      List<Item> items, Limits limits, Consumer<Update> edit) {
    Map<Integer, Update> updates = new HashMap<>();
    for (int index = 0; index < items.size(); index++) {
      Update update = asSeen(items.get(index));
      slice(items.get(index), index, limits).replaceIn(update);
      if (items.getFirst().findMap(TenantItem.WHOLE).isPresent()) {
        update.set(TenantItem.WHOLE, update.map(limits.in(Item.EMPTY)));
        update.remove(TenantItem.CUT);
      }
      edit.accept(update);
      updates.put(index, update);
    }
    return updates;
  }

  /**
   * Lets so many items take part. New ones begin without a share, old ones lose theirs; the limiter
   * cuts the slices anew as soon as a call finds none, which it can as it knows what is in use.
   */
  boolean shard(String tenantId, int shards) {
    return cut(
        tenantId,
        items -> {
          Item first = items.getFirst();
          Limits whole = Tenant.of(tenantId, first).limits();
          Sharding.check(whole, shards);
          int count = Math.max(shards, items.size());
          Map<Integer, Update> updates = new HashMap<>();
          for (int index = 0; index < count && count > 1; index++) {
            Update update = index < items.size() ? asSeen(items.get(index)) : created(first, whole);
            if (index >= shards) {
              none(whole).replaceIn(update);
            }
            update.set(TenantItem.SHARDS, update.number(shards));
            update.set(TenantItem.ITEMS, update.number(count));
            update.set(TenantItem.WHOLE, update.map(whole.in(Item.EMPTY)));
            updates.put(index, update);
          }
          return updates;
        });
  }

  /** What is to be written, by index, to items as they were read. */
  private interface Cut {
    Map<Integer, Update> of(List<Item> items);
  }

  private boolean cut(String tenantId, Cut cut) {
    for (int tries = 0; tries < TRIES; tries++) {
      List<Item> items = read(tenantId);
      if (items.isEmpty()) {
        return false;
      }
      Map<String, Update> updates = new HashMap<>();
      cut.of(items).forEach((index, update) -> updates.put(TenantItem.id(tenantId, index), update));
      if (updates.isEmpty() || write(updates, List.of())) {
        return true;
      }
    }
    throw new IllegalStateException(
        "tenant " + tenantId + " was changed by others all the time: try again");
  }

  private boolean write(Map<String, Update> updates, List<KeyWrite> keys) {
    if (updates.size() > 1 || !keys.isEmpty()) {
      return table.change(updates, keys);
    }
    Map.Entry<String, Update> only = updates.entrySet().iterator().next();
    return table.update(only.getKey(), only.getValue()) instanceof Reply.Written;
  }

  private static int count(Item item) {
    return (int) item.findNumber(TenantItem.ITEMS).orElse(1);
  }

  private static Update raised(int count) {
    Update update = new Update();
    update.add(TenantItem.VERSION, 1);
    update.require("attribute_exists(pk)");
    update.require(
        count == 1
            ? "attribute_not_exists(" + TenantItem.ITEMS + ")"
            : TenantItem.ITEMS + " = " + update.number(count));
    return update;
  }

  private static Update asSeen(Item item) {
    Update update = new Update();
    update.add(TenantItem.VERSION, 1);
    update.require(TenantItem.GENERATION + " = " + update.text(item.text(TenantItem.GENERATION)));
    update.require(TenantItem.VERSION + " = " + update.number(item.number(TenantItem.VERSION)));
    return update;
  }

  private Update created(Item first, Limits whole) {
    Update update = new Update();
    update.require("attribute_not_exists(pk)");
    update.setAll(
        none(whole)
            .in(TenantItem.configuration(first))
            .with(TenantItem.GENERATION, generations.get())
            .with(TenantItem.VERSION, 1)
            .with(TenantItem.REQUESTS, 0)
            .with(TenantItem.TOKENS, 0)
            .with(TenantItem.NET_TOKENS, 0)
            .with(TenantItem.SPENT, 0)
            .with(TenantItem.LEASES, Item.EMPTY));
    return update;
  }

  private static Limits none(Limits whole) {
    return Limits.of(whole.values().stream().map(TenantItems::nothing).toList());
  }

  private static Limits slice(Item item, int index, Limits limits) {
    Optional<Limits> whole = item.findMap(TenantItem.WHOLE).map(Limits::of);
    if (whole.isEmpty()) {
      return limits;
    }
    int shards = (int) item.findNumber(TenantItem.SHARDS).orElse(1);
    if (index >= shards) {
      return none(limits);
    }
    List<OptionalLong> slices = new ArrayList<>();
    for (int i = 0; i < limits.values().size(); i++) {
      OptionalLong before = whole.get().values().get(i);
      OptionalLong own = Limits.of(item).values().get(i);
      slices.add(slice(limits.values().get(i), before, own, shards));
    }
    return Limits.of(slices);
  }

  private static OptionalLong slice(
      OptionalLong limit, OptionalLong before, OptionalLong own, int shards) {
    if (limit.isEmpty() || before.isEmpty() || own.isEmpty()) {
      return nothing(limit);
    }
    long more = limit.getAsLong() - before.getAsLong();
    return more >= 0 ? OptionalLong.of(own.getAsLong() + more / shards) : nothing(limit);
  }

  private static OptionalLong nothing(OptionalLong limit) {
    return limit.isPresent() ? OptionalLong.of(0) : limit;
  }
}
