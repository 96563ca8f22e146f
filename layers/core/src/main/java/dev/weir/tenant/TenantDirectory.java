package dev.weir.tenant;

import dev.weir.store.Item;
import dev.weir.store.TenantItem;
import dev.weir.store.TenantPage;
import dev.weir.store.TenantTable;
import dev.weir.store.TenantTable.KeyWrite;
import dev.weir.store.Update;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Tenants and their API keys. Thread-safe.
 *
 * <p>Each change is one conditional write, of all items of the tenant at once, that raises the
 * configuration's version. Every admission asserts that version, so a change acts on the very next
 * admission wherever it is made. Faults of the store are thrown as the SDK's unchecked exceptions.
 */
public final class TenantDirectory {

  private static final int ID_BYTES = 4;

  /** Ids are parts of keys in every table and must not hold their separators. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final TenantTable table;
  private final TenantItems items;
  private final InstantSource clock;
  private final RandomGenerator random;

  private TenantDirectory(TenantTable table, InstantSource clock, RandomGenerator random) {
    this.table = table;
    this.items = new TenantItems(table, this::randomId);
    this.clock = clock;
    this.random = random;
  }

  /**
   * A directory over one table.
   *
   * @param random makes keys; a {@link java.security.SecureRandom} outside tests
   */
  public static TenantDirectory of(
      DynamoDbClient client, String tableName, InstantSource clock, RandomGenerator random) {
    return new TenantDirectory(new TenantTable(client, tableName), clock, random);
  }

  /**
   * Creates an active tenant without keys; false if the id is taken.
   *
   * @throws IllegalArgumentException when the id is not 1 to 64 letters, digits, {@code .}, {@code
   *     _} and {@code -}, the first a letter or digit
   */
  public boolean create(String tenantId, Limits limits, EstimateMode estimate) {
    return create(tenantId, limits, estimate, Optional.empty());
  }

  /**
   * Creates an active tenant without keys; false if the id is taken.
   *
   * @param guard id of its guard set
   */
  public boolean create(
      String tenantId, Limits limits, EstimateMode estimate, Optional<String> guard) {
    return create(tenantId, Configuration.active(limits, estimate, guard));
  }

  /** Whether this can be a tenant's id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Creates a tenant without keys; false if the id is taken.
   *
   * @throws IllegalArgumentException when the id is none
   */
  public boolean create(String tenantId, Configuration wanted) {
    if (!isId(tenantId)) {
      throw new IllegalArgumentException(
          "a tenant's id is 1 to 64 letters, digits, '.', '_' and '-', the first a letter or"
              + " digit");
    }
    Item bare = wanted.guard().map(id -> Item.EMPTY.with(TenantItem.GUARD, id)).orElse(Item.EMPTY);
    Item item =
        wanted
            .limits()
            .in(bare)
            .with(TenantItem.KIND, TenantItem.TENANT)
            .with(TenantItem.AT_BUDGET, wanted.atBudget().text())
            .with(TenantItem.CAPTURE, seconds(wanted.capture()))
            .with(TenantItem.SESSIONS, wanted.sessions().text())
            .with(TenantItem.GENERATION, randomId())
            .with(TenantItem.VERSION, 1)
            .with(TenantItem.STATUS, wanted.status().text())
            .with(TenantItem.ESTIMATE, wanted.estimate().text())
            .with(TenantItem.KEYS, Item.EMPTY)
            .with(TenantItem.REQUESTS, 0)
            .with(TenantItem.TOKENS, 0)
            .with(TenantItem.NET_TOKENS, 0)
            .with(TenantItem.SPENT, 0)
            .with(TenantItem.LEASES, Item.EMPTY);
    return table.create(tenantId, item);
  }

  /** The tenant's configuration as it is now. */
  public Optional<Tenant> tenant(String tenantId) {
    return table.tenant(tenantId).item().map(item -> Tenant.of(tenantId, item));
  }

  /**
   * Some of the tenants by id, from an index that a new tenant reaches within about a second.
   *
   * @param after the id to go on after; empty for the first page
   * @param most tenants of the page, 1 or more
   */
  public TenantPage page(Optional<String> after, int most) {
    return table.page(after, most);
  }

  /**
   * Puts a configuration in the place of that of {@code version}; false if the tenant has another
   * version by now, or is gone.
   */
  public boolean configure(String tenantId, long version, Configuration wanted) {
    return items.configure(tenantId, version, wanted.limits(), update -> configure(update, wanted))
        // A repeated request after a lost reply finds what the first one wrote.
        || tenant(tenantId)
            .filter(now -> now.version() == version + 1 && now.configuration().equals(wanted))
            .isPresent();
  }

  private static void configure(Update update, Configuration wanted) {
    update.set(TenantItem.STATUS, update.text(wanted.status().text()));
    update.set(TenantItem.ESTIMATE, update.text(wanted.estimate().text()));
    update.set(TenantItem.AT_BUDGET, update.text(wanted.atBudget().text()));
    wanted
        .guard()
        .ifPresentOrElse(
            guard -> update.set(TenantItem.GUARD, update.text(guard)),
            () -> update.remove(TenantItem.GUARD));
    capture(update, wanted.capture());
    update.set(TenantItem.SESSIONS, update.text(wanted.sessions().text()));
  }

  /** Replaces all limits; false if there is no such tenant. */
  public boolean changeLimits(String tenantId, Limits limits) {
    return items.limit(tenantId, limits);
  }

  /**
   * Cuts the tenant's limits into so many shards, each an item of its own; false if there is no
   * such tenant. Limits, budgets and what counts against them stay as they are. See {@code
   * docs/hot-tenants.md}.
   *
   * @throws IllegalArgumentException for a number {@link Sharding#check} refuses
   */
  public boolean changeShards(String tenantId, int shards) {
    return items.shard(tenantId, shards);
  }

  /** Gives it another guard set; false if there is no such tenant. */
  public boolean changeGuard(String tenantId, String guard) {
    return items.change(
        tenantId, update -> update.set(TenantItem.GUARD, update.text(guard)), List.of());
  }

  /**
   * Captures its requests and answers until then, or not at all; false if there is no such tenant.
   */
  public boolean capture(String tenantId, Optional<Instant> until) {
    return items.change(tenantId, update -> capture(update, until), List.of());
  }

  private static void capture(Update update, Optional<Instant> until) {
    seconds(until)
        .ifPresentOrElse(
            end -> update.set(TenantItem.CAPTURE, update.number(end)),
            () -> update.remove(TenantItem.CAPTURE));
  }

  /** Says whether its turns are kept, and how long; false if there is no such tenant. */
  public boolean changeSessions(String tenantId, SessionRule rule) {
    return items.change(
        tenantId, update -> update.set(TenantItem.SESSIONS, update.text(rule.text())), List.of());
  }

  /** Refuses every further admission; false if there is no such tenant. */
  public boolean suspend(String tenantId) {
    return changeStatus(tenantId, Tenant.Status.SUSPENDED);
  }

  /** Ends a suspension; false if there is no such tenant. */
  public boolean activate(String tenantId) {
    return changeStatus(tenantId, Tenant.Status.ACTIVE);
  }

  /**
   * Issues a key; empty if there is no such tenant.
   *
   * @param models the only models it may use; empty: every model
   * @param expiry from when it is refused, to the second; absent: never
   */
  public Optional<IssuedKey> issueKey(
      String tenantId, Set<String> models, Optional<Instant> expiry) {
    return issueKey(tenantId, randomId(), models, expiry);
  }

  /**
   * Issues a key under an id; empty if there is no such tenant, or it has a key of this id.
   *
   * @param models the only models it may use; empty: every model
   * @param expiry from when it is refused, to the second; absent: never
   */
  public Optional<IssuedKey> issueKey(
      String tenantId, String keyId, Set<String> models, Optional<Instant> expiry) {
    return issue(tenantId, keyId, new Tenant.Key(expiry, models), update -> {}, List.of());
  }

  /**
   * Puts a new key with the same allow-list in the place of an old one, which is refused from then
   * on. Counters belong to the tenant, so spend stays. Empty if there is no such key.
   */
  public Optional<IssuedKey> rotateKey(String tenantId, String keyId, Optional<Instant> expiry) {
    return table
        .tenant(tenantId)
        .item()
        .flatMap(item -> item.map(TenantItem.KEYS).findMap(keyId))
        .flatMap(old ->
            issue(
                tenantId,
                randomId(),
                new Tenant.Key(expiry, old.texts(TenantItem.KEY_MODELS)),
                update -> remove(update, keyId),
                List.of(delete(old))));
  }

  /** Refuses a key from now on; false if there is no such key. */
  public boolean revokeKey(String tenantId, String keyId) {
    return table
        .tenant(tenantId)
        .item()
        .flatMap(item -> item.map(TenantItem.KEYS).findMap(keyId))
        .map(old -> items.change(tenantId, update -> remove(update, keyId), List.of(delete(old))))
        .orElse(false);
  }

  /** Whom a key stands for; empty if it is unknown, revoked or has expired. */
  public Optional<KeyOwner> owner(ApiKey key) {
    return table
        .key(key.hash())
        .filter(item -> item.findNumber(TenantItem.KEY_EXPIRY).orElse(Long.MAX_VALUE) > now())
        .map(
            item -> new KeyOwner(item.text(TenantTable.KEY_TENANT), item.text(TenantTable.KEY_ID)));
  }

  /** What the tenant has used; empty if there is no such tenant. */
  public Optional<Spend> spend(String tenantId) {
    return items.read(tenantId).stream().map(this::spend).reduce(Spend::plus);
  }

  private Spend spend(Item item) {
    long now = clock.millis();
    return new Spend(
        item.findNumber(TenantItem.dayWindow(now)).orElse(0),
        item.findNumber(TenantItem.monthWindow(now)).orElse(0),
        item.number(TenantItem.SPENT),
        item.number(TenantItem.REQUESTS),
        item.number(TenantItem.NET_TOKENS),
        item.map(TenantItem.LEASES).names().size());
  }

  private Optional<IssuedKey> issue(
      String tenantId, String keyId, Tenant.Key key, Consumer<Update> edit, List<KeyWrite> others) {
    ApiKey secret = ApiKey.create(random);
    OptionalLong expiry = seconds(key.expiry());
    Item inTenant =
        Item.EMPTY
            .with(TenantItem.KEY_HASH, secret.digest())
            .with(TenantItem.KEY_EXPIRY, expiry)
            .with(TenantItem.KEY_MODELS, key.models());
    Item alone =
        Item.EMPTY
            .with(TenantTable.KEY_TENANT, tenantId)
            .with(TenantTable.KEY_ID, keyId)
            .with(TenantItem.KEY_EXPIRY, expiry);
    List<KeyWrite> keys =
        Stream.concat(Stream.of(new KeyWrite.Put(secret.hash(), alone)), others.stream()).toList();
    return items.change(tenantId, edit.andThen(update -> add(update, keyId, inTenant)), keys)
        ? Optional.of(new IssuedKey(keyId, secret))
        : Optional.empty();
  }

  private boolean changeStatus(String tenantId, Tenant.Status status) {
    return items.change(
        tenantId, update -> update.set(TenantItem.STATUS, update.text(status.text())), List.of());
  }

  private static void add(Update update, String keyId, Item key) {
    String path = path(update, keyId);
    update.set(path, update.map(key));
    update.require("attribute_not_exists(" + path + ")");
  }

  private static void remove(Update update, String keyId) {
    String path = path(update, keyId);
    update.remove(path);
    update.require("attribute_exists(" + path + ")");
  }

  private static String path(Update update, String keyId) {
    return TenantItem.KEYS + "." + update.name(keyId);
  }

  private static KeyWrite delete(Item key) {
    return new KeyWrite.Delete(HexFormat.of().formatHex(key.bytes(TenantItem.KEY_HASH)));
  }

  private static OptionalLong seconds(Optional<Instant> instant) {
    return instant.stream().mapToLong(Instant::getEpochSecond).findFirst();
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private String randomId() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
