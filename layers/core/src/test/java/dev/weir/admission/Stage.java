package dev.weir.admission;

import dev.weir.admission.Decision.Admitted;
import dev.weir.admission.Decision.Rejected;
import dev.weir.store.InMemoryDynamo;
import dev.weir.store.Network;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.IssuedKey;
import dev.weir.tenant.Limits;
import dev.weir.tenant.TenantDirectory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One tenant, a table in memory, a clock that stands still, and limiters on demand. */
final class Stage {

  static final String TABLE = "tenants";
  static final String TENANT = "acme";
  static final String MODEL = "nova-lite";
  static final Duration LEASE = Duration.ofSeconds(60);

  final InMemoryDynamo dynamo = new InMemoryDynamo(this::instant);
  final TenantDirectory directory;
  final List<LimiterAlarm> alarms = new ArrayList<>();
  final LimiterSettings settings;
  final IssuedKey key;

  private long millis = Instant.parse("2027-03-14T12:00:00Z").toEpochMilli();
  private int calls;

  Stage(LimiterSettings settings, Limits limits) {
    this.settings = settings;
    this.directory = TenantDirectory.of(dynamo, TABLE, this::instant, new Random(1));
    directory.create(TENANT, limits, EstimateMode.TOKENS);
    this.key = directory.issueKey(TENANT, Set.of(), Optional.empty()).orElseThrow();
  }

  Stage(Limits limits) {
    this(Some.DEPLOYED, limits);
  }

  Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  void pass(Duration time) {
    millis += time.toMillis();
  }

  void setTo(String instant) {
    millis = Instant.parse(instant).toEpochMilli();
  }

  Node node() {
    return node(Duration.ZERO);
  }

  /** An environment whose clock is ahead of the truth, or behind it. */
  Node node(Duration ahead) {
    return new Node(ahead);
  }

  Ask ask(long tokens, long microUsd) {
    return new Ask(TENANT, key.keyId(), "call" + calls++, MODEL, tokens, microUsd, LEASE);
  }

  /** A cache hit: a request that holds and reserves nothing. */
  Ask hit() {
    return new Ask(TENANT, key.keyId(), "call" + calls++, MODEL, 0, 0, Duration.ZERO);
  }

  Map<String, AttributeValue> item() {
    return dynamo.item(TABLE, "T#" + TENANT);
  }

  long number(String name) {
    AttributeValue value = item().get(name);
    return value == null ? 0 : Long.parseLong(value.n());
  }

  Set<String> leases() {
    AttributeValue leases = item().get("res");
    return leases == null ? Set.of() : leases.m().keySet();
  }

  /** One environment: a limiter, its clocks and its way to the table. */
  final class Node implements Network {

    final Deque<BooleanSupplier> requests = new ArrayDeque<>();
    final Deque<BooleanSupplier> replies = new ArrayDeque<>();
    Duration ahead;
    Duration frozen = Duration.ZERO;
    int trips;
    private final TenantLimiter limiter;

    private Node(Duration ahead) {
      this.ahead = ahead;
      InstantSource clock = () -> instant().plus(this.ahead);
      limiter =
          new TenantLimiter(
              dynamo.through(this),
              TABLE,
              clock,
              () -> (millis - frozen.toMillis()) * 1_000_000,
              settings,
              alarms::add);
    }

    Decision reserve(Ask ask) {
      return limiter.reserve(ask);
    }

    /** Reserves what must pass. */
    Reservation admitted(Ask ask) {
      Decision decision = limiter.reserve(ask);
      if (decision instanceof Admitted admitted) {
        return admitted.reservation();
      }
      throw new AssertionError("not admitted: " + decision);
    }

    /** Reserves what must not pass. */
    Rejected rejected(Ask ask) {
      Decision decision = limiter.reserve(ask);
      if (decision instanceof Rejected rejected) {
        return rejected;
      }
      throw new AssertionError("not rejected: " + decision);
    }

    Admission.Settlement settle(Reservation reservation, long tokens, long microUsd) {
      return limiter.settle(reservation, tokens, microUsd);
    }

    TenantLimiter limiter() {
      return limiter;
    }

    /** Loses the next replies. */
    void loseReplies(int count) {
      for (int i = 0; i < count; i++) {
        replies.add(() -> false);
      }
    }

    /** Trips that {@code work} takes. */
    int trips(Runnable work) {
      int before = trips;
      work.run();
      return trips - before;
    }

    @Override
    public boolean request() {
      trips++;
      return requests.isEmpty() || requests.remove().getAsBoolean();
    }

    @Override
    public void carriedOut(SdkRequest request, boolean held) {}

    @Override
    public boolean reply() {
      return replies.isEmpty() || replies.remove().getAsBoolean();
    }
  }
}
