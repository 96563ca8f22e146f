package dev.weir.e2e.limiter;

import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.LimiterAlarm;
import dev.weir.admission.LimiterSettings;
import dev.weir.admission.Reservation;
import dev.weir.admission.TenantLimiter;
import dev.weir.store.TenantItem;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.IssuedKey;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A tenant, a fast and a slow environment, and random operations on them; the same seed makes the
 * same operations on any database that answers alike.
 */
final class World {

  private static final Duration SKEW = Duration.ofSeconds(2);
  private static final LimiterSettings SETTINGS =
      LimiterSettings.of(Duration.ofSeconds(1), SKEW, Duration.ofSeconds(1));

  private static final int MOST_SHARDS = 5;

  private final String tenant;
  private final Random random;
  private final DynamoDbClient client;
  private final TenantDirectory directory;
  private final List<TenantLimiter> environments;
  private final List<LimiterAlarm> alarms = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final List<Reservation> reservations = new ArrayList<>();
  private long millis = Instant.parse("2027-03-14T12:00:00Z").toEpochMilli();
  private int calls;
  private boolean isSharded;

  World(String tenant, long seed, Function<InstantSource, DynamoDbClient> database) {
    this.tenant = tenant;
    this.random = new Random(seed);
    this.client = database.apply(this::now);
    this.directory = TenantDirectory.of(client, DynamoDbProcess.TABLE, this::now, new Random(seed));
    this.environments =
        Stream.of(SKEW, SKEW.negated())
            .map(skew ->
                new TenantLimiter(
                    client,
                    DynamoDbProcess.TABLE,
                    () -> now().plus(skew),
                    () -> millis * 1_000_000,
                    SETTINGS,
                    alarms::add))
            .toList();
    directory.create(tenant, limits(30, 6_000, 8, 100_000), EstimateMode.TOKENS);
    issueKey();
  }

  /** The same on so many shards, of which some come and go. */
  World sharded() {
    isSharded = true;
    reshard();
    return this;
  }

  /** Carries out one random operation and tells what came of it. */
  String next() {
    pass();
    int dice = random.nextInt(100);
    if (isSharded && random.nextInt(40) == 0) {
      return reshard();
    }
    if (dice < 55) {
      return reserve();
    }
    if (dice < 85) {
      return settle();
    }
    return switch (dice) {
      case 85, 86 -> "suspended " + directory.suspend(tenant);
      case 87, 88, 89, 90, 91 -> "activated " + directory.activate(tenant);
      case 92, 93 -> "limited " + directory.changeLimits(tenant, randomLimits());
      case 94, 95 -> issueKey();
      case 96 -> "revoked " + directory.revokeKey(tenant, randomKey());
      case 97 -> rotate();
      case 98 -> "spent " + directory.spend(tenant);
      default -> "tenant " + directory.tenant(tenant);
    };
  }

  /** Opens as many slots as the item can hold at once, with refunds and crashed calls. */
  void fillEverySlot() {
    directory.changeLimits(tenant, limits(100_000, 100_000_000, 1_000, 1_000_000_000));
    TenantLimiter environment = environments.getFirst();
    for (int second = 0; second < 66; second++) {
      Reservation reservation = admitted(environment);
      if (second % 10 > 0) {
        environment.settle(reservation, 1, 1);
      }
      millis += 1_000;
    }
  }

  /** Calls once after a long silence. */
  void wake() {
    millis += Duration.ofMinutes(10).toMillis();
    admitted(environments.getFirst());
  }

  List<LimiterAlarm> alarms() {
    return alarms;
  }

  Map<String, AttributeValue> item() {
    return item(0);
  }

  /** The items of a sharded tenant, and where there is none an empty one. */
  List<Map<String, AttributeValue>> items() {
    return IntStream.range(0, MOST_SHARDS + 1).mapToObj(this::item).toList();
  }

  private Map<String, AttributeValue> item(int index) {
    return client
        .getItem(get ->
            get.tableName(DynamoDbProcess.TABLE)
                .key(Map.of("pk", AttributeValue.fromS("T#" + TenantItem.id(tenant, index))))
                .consistentRead(true))
        .item();
  }

  private Reservation admitted(TenantLimiter environment) {
    Decision decision = environment.reserve(ask(keys.getFirst(), 100));
    if (decision instanceof Decision.Admitted admitted) {
      return admitted.reservation();
    }
    throw new AssertionError("not admitted: " + decision);
  }

  private String reserve() {
    Ask ask = ask(randomKey(), random.nextInt(10) == 0 ? 0 : 1 + random.nextLong(600));
    Decision decision = environments.get(random.nextInt(2)).reserve(ask);
    if (decision instanceof Decision.Admitted admitted) {
      reservations.add(admitted.reservation());
    }
    return decision.toString();
  }

  private String settle() {
    if (reservations.isEmpty()) {
      return "nothing to settle";
    }
    int index = random.nextInt(reservations.size());
    boolean again = random.nextInt(10) == 0;
    Reservation reservation = again ? reservations.get(index) : reservations.remove(index);
    long tokens = (long) (reservation.tokens() * random.nextDouble(1.1));
    return environments.get(random.nextInt(2)).settle(reservation, tokens, tokens * 3).toString();
  }

  /** Small limits may not be cut, but limits that are cut may be made small. */
  private String reshard() {
    directory.changeLimits(tenant, limits(6_000, 6_000_000, 800, 100_000_000));
    int shards = 1 + random.nextInt(MOST_SHARDS);
    return "sharded %d %b %b"
        .formatted(
            shards,
            directory.changeShards(tenant, shards),
            directory.changeLimits(tenant, randomLimits()));
  }

  private String issueKey() {
    Set<String> models = random.nextInt(4) == 0 ? Set.of("small") : Set.of();
    Optional<IssuedKey> key = directory.issueKey(tenant, models, Optional.empty());
    key.ifPresent(issued -> keys.add(issued.keyId()));
    return "issued " + key;
  }

  private String rotate() {
    Optional<IssuedKey> key = directory.rotateKey(tenant, randomKey(), Optional.of(now()));
    key.ifPresent(issued -> keys.add(issued.keyId()));
    return "rotated " + key;
  }

  private Ask ask(String key, long tokens) {
    boolean hit = tokens == 0;
    return new Ask(
        tenant,
        key,
        "c" + calls++,
        random.nextInt(4) == 0 ? "large" : "small",
        tokens,
        tokens * 3,
        hit ? Duration.ZERO : Duration.ofSeconds(20));
  }

  private void pass() {
    int dice = random.nextInt(200);
    millis +=
        dice == 0
            ? Duration.ofHours(25).toMillis()
            : dice < 6 ? random.nextLong(120_000) : random.nextLong(1_500);
  }

  private String randomKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  private Limits randomLimits() {
    return limits(
        10 + random.nextInt(40),
        2_000 + random.nextInt(8_000),
        3 + random.nextInt(10),
        10_000 + random.nextInt(200_000));
  }

  private static Limits limits(long requests, long tokens, long concurrency, long dayMicroUsd) {
    return new Limits(
        OptionalLong.of(requests),
        OptionalLong.of(tokens),
        OptionalLong.of(concurrency),
        OptionalLong.of(dayMicroUsd),
        OptionalLong.of(dayMicroUsd * 20),
        OptionalLong.of(dayMicroUsd * 30));
  }

  private Instant now() {
    return Instant.ofEpochMilli(millis);
  }
}
