package dev.weir.tenant;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's configuration.
 *
 * @param version grows with every change
 * @param keys by key id; revoked keys are gone
 * @param guard the guard set applied after its models' own
 * @param capture until when its requests and answers are captured, if they are
 * @param shards how many items share its limits; 1: its own item alone
 * @param atBudget what happens when a budget is used up
 * @param sessions whether its turns are kept, and how long
 */
public record Tenant(
    String id,
    Status status,
    EstimateMode estimate,
    Limits limits,
    long version,
    Map<String, Key> keys,
    Optional<String> guard,
    Optional<Instant> capture,
    int shards,
    AtBudget atBudget,
    SessionRule sessions) {

  /** Whether requests and answers are captured now. */
  public boolean isCaptured(Instant now) {
    return capture.filter(now::isBefore).isPresent();
  }

  /** Whether a tenant may use anything. */
  public enum Status {
    ACTIVE,
    SUSPENDED;

    /** As the tenant's item holds it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What one API key may do.
   *
   * @param expiry from when it is refused; absent: never
   * @param models the only models it may use; empty: every model
   */
  public record Key(Optional<Instant> expiry, Set<String> models) {

    /** Whether it is still valid. */
    public boolean isValid(Instant now) {
      return expiry.isEmpty() || now.isBefore(expiry.get());
    }

    /** Whether it may use this model. */
    public boolean allows(String model) {
      return models.isEmpty() || models.contains(model);
    }
  }

  /** What an operator may change of it. */
  public Configuration configuration() {
    return new Configuration(status, estimate, limits, guard, atBudget, capture, sessions);
  }

  /**
   * Reads a tenant from any of its items.
   *
   * @throws IllegalArgumentException or IllegalStateException if the item is not a tenant's
   */
  public static Tenant of(String id, Item item) {
    Map<String, Key> keys = new HashMap<>();
    Item map = item.map(TenantItem.KEYS);
    map.names().forEach(name -> keys.put(name, key(map.map(name))));
    return new Tenant(
        id,
        Status.valueOf(item.text(TenantItem.STATUS).toUpperCase(Locale.ROOT)),
        EstimateMode.valueOf(item.text(TenantItem.ESTIMATE).toUpperCase(Locale.ROOT)),
        Limits.of(item.findMap(TenantItem.WHOLE).orElse(item)),
        item.number(TenantItem.VERSION),
        Map.copyOf(keys),
        item.findText(TenantItem.GUARD),
        item.findNumber(TenantItem.CAPTURE).stream().mapToObj(Instant::ofEpochSecond).findFirst(),
        (int) item.findNumber(TenantItem.SHARDS).orElse(1),
        AtBudget.valueOf(
            item.findText(TenantItem.AT_BUDGET)
                .orElse(AtBudget.NOTIFY.text())
                .toUpperCase(Locale.ROOT)),
        item.findText(TenantItem.SESSIONS).map(SessionRule::of).orElse(SessionRule.STACK));
  }

  private static Key key(Item item) {
    return new Key(
        item.findNumber(TenantItem.KEY_EXPIRY).stream()
            .mapToObj(Instant::ofEpochSecond)
            .findFirst(),
        item.texts(TenantItem.KEY_MODELS));
  }
}
