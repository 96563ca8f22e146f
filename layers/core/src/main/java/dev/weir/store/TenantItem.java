package dev.weir.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The attributes of a tenant's item {@code T#<tenantId>}: configuration, counters and leases in one
 * place, so that one condition can assert all of them. Names are short because they are billed.
 *
 * <p>A sharded tenant has more such items, {@code T#<tenantId>#1} and on, each with its own
 * counters and leases, the whole configuration, and its slice of the limits in the place of the
 * limits.
 *
 * <p>Besides these the item holds, per limiter slot (base 36), {@code r<slot>}, {@code t<slot>} and
 * {@code f<slot>}, and per budget window {@code d<yyyymmdd>} and {@code m<yyyymm>}; all of them are
 * longer than three characters and none of the fixed names is.
 */
public final class TenantItem {

  /** Changes whenever the counters may have fallen: the item was made anew or restored. */
  public static final String GENERATION = "g";

  /** Grows with every change of the configuration. */
  public static final String VERSION = "v";

  public static final String STATUS = "st";
  public static final String ESTIMATE = "em";

  /** Id of the tenant's guard set; absent: none of its own. */
  public static final String GUARD = "gu";

  /** Epoch second until which its payloads are captured; absent: they are not. */
  public static final String CAPTURE = "cp";

  /** {@link #TENANT} in every tenant's item: what the index of tenants is by. */
  public static final String KIND = "ty";

  /** The one value of {@link #KIND}. */
  public static final String TENANT = "t";

  /** What happens when a budget is used up. */
  public static final String AT_BUDGET = "ab";

  /** {@code off} where nothing may be kept in sessions, and how long else; absent: it may. */
  public static final String SESSIONS = "se";

  public static final String REQUESTS_PER_MINUTE = "lr";
  public static final String TOKENS_PER_MINUTE = "lt";
  public static final String CONCURRENCY = "lc";
  public static final String DAY_LIMIT = "ld";
  public static final String MONTH_LIMIT = "lm";
  public static final String LIFETIME_LIMIT = "ll";

  /** Map of key id to key. */
  public static final String KEYS = "ks";

  /** In a key: SHA-256 of the key, 32 bytes. */
  public static final String KEY_HASH = "h";

  /** In a key: epoch second from which it is refused; absent: never. */
  public static final String KEY_EXPIRY = "x";

  /** In a key: the models it may use; absent: every model. */
  public static final String KEY_MODELS = "m";

  /** Requests admitted ever. Never falls. */
  public static final String REQUESTS = "cr";

  /** Tokens reserved ever. Never falls. */
  public static final String TOKENS = "ct";

  /** Tokens reserved ever minus every refund ever. */
  public static final String NET_TOKENS = "nt";

  /** Micro-USD spent or reserved ever. */
  public static final String SPENT = "bl";

  /** Map of call id to lease. */
  public static final String LEASES = "res";

  /** How many items take part in admissions; absent: this one alone. */
  public static final String SHARDS = "sh";

  /** How many items there have ever been, this one included; absent: this one alone. */
  public static final String ITEMS = "shm";

  /** Map of the tenant's limits, where the item's own are a slice of them; absent: they are not. */
  public static final String WHOLE = "tot";

  /** In the tenant's first item: epoch millisecond at which its slices were last cut anew. */
  public static final String CUT = "mv";

  /** What an item has for itself; every other fixed name is the tenant's configuration. */
  private static final Set<String> OWN =
      Set.of(
          KIND,
          "pk",
          GENERATION,
          VERSION,
          REQUESTS_PER_MINUTE,
          TOKENS_PER_MINUTE,
          CONCURRENCY,
          DAY_LIMIT,
          MONTH_LIMIT,
          LIFETIME_LIMIT,
          REQUESTS,
          TOKENS,
          NET_TOKENS,
          SPENT,
          LEASES,
          SHARDS,
          ITEMS,
          WHOLE,
          CUT);

  private static final int LONGEST_FIXED_NAME = 3;

  private static final DateTimeFormatter DAY = window("'d'yyyyMMdd");
  private static final DateTimeFormatter MONTH = window("'m'yyyyMM");

  private TenantItem() {}

  /** What names one of a tenant's items where a tenant id is asked for; 0: its own item. */
  public static String id(String tenantId, int index) {
    return index == 0 ? tenantId : tenantId + "#" + index;
  }

  /** What all items of a tenant have in common, limits apart. */
  public static Item configuration(Item item) {
    Map<String, AttributeValue> common = new HashMap<>(item.attributes());
    common.keySet().removeIf(name -> name.length() > LONGEST_FIXED_NAME || OWN.contains(name));
    return new Item(common);
  }

  /** The attribute that counts micro-USD of the UTC day. Names of later days sort later. */
  public static String dayWindow(long epochMillis) {
    return DAY.format(Instant.ofEpochMilli(epochMillis));
  }

  /** The attribute that counts micro-USD of the UTC month. Names of later months sort later. */
  public static String monthWindow(long epochMillis) {
    return MONTH.format(Instant.ofEpochMilli(epochMillis));
  }

  private static DateTimeFormatter window(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
