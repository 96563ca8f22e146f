package dev.weir.admission;

import dev.weir.store.InMemoryDynamo;
import dev.weir.store.TenantItem;
import dev.weir.tenant.EstimateMode;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Sharding;
import dev.weir.tenant.TenantDirectory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A fleet of environments that serves calls of one tenant in virtual time. */
final class Simulation {

  static final String TABLE = "tenants";
  static final String TENANT = "acme";
  static final long MICRO_USD_PER_TOKEN = 3;

  /** What to simulate. */
  record Plan(Limits limits, LimiterSettings settings, Fleet fleet, Calls calls, long seed) {

    Plan with(Fleet other) {
      return new Plan(limits, settings, other, calls, seed);
    }

    Plan with(Calls other) {
      return new Plan(limits, settings, fleet, other, seed);
    }
  }

  /**
   * Who serves.
   *
   * @param lastFirst whether a call goes to the idle environment used last, as Lambda does, or to
   *     the one idle longest, which is worst for views
   */
  record Fleet(Environment.Program program, Skew skew, Faults faults, boolean lastFirst) {

    static final int ENVIRONMENTS = 64;

    /** The worst fleet the limiter's promise covers. */
    static Fleet worst(LimiterSettings settings, Skew skew) {
      return new Fleet(limiter(settings), skew, Faults.ALL, false);
    }

    /** A fleet of right clocks on a good day. */
    static Fleet healthy(LimiterSettings settings, Skew skew) {
      return new Fleet(limiter(settings), skew, Faults.NONE, true);
    }

    Fleet running(Environment.Program other) {
      return new Fleet(other, skew, faults, lastFirst);
    }

    private static Environment.Program limiter(LimiterSettings settings) {
      return (client, clock, truth) ->
          new TenantLimiter(
              client, TABLE, clock, () -> truth.micros() * 1000, settings, alarm -> {});
    }
  }

  /**
   * What calls are like.
   *
   * @param tokens tokens reserved, on average
   * @param least least share of them that is used
   * @param most greatest such share
   */
  record Calls(long tokens, double least, double most, Duration shortest, Duration longest) {

    static final Calls SHORT =
        new Calls(260, 0.1, 1, Duration.ofMillis(200), Duration.ofSeconds(4));

    /** Many of them outlast the window. */
    static final Calls LONG =
        new Calls(260, 0.1, 1, Duration.ofSeconds(1), Duration.ofSeconds(120));
  }

  /** What an operator does meanwhile. */
  interface Scene {
    /** An operator who does nothing. */
    Scene NONE = (time, directory) -> {};

    void play(VirtualTime time, TenantDirectory directory);
  }

  /** What came out. */
  static final class Outcome {
    final History history = new History();

    /** Micro-USD of settled calls. */
    final Map<String, Long> spent = new HashMap<>();

    /** Micro-USD of reservations nobody settled. */
    final Map<String, Long> leaked = new HashMap<>();

    Map<String, AttributeValue> item = Map.of();

    /** The tenant's items, its own first. */
    List<Map<String, AttributeValue>> items = List.of();

    long calls;
    long admitted;
    long denied;
    long unavailable;
    long admissionTrips;
    long denialTrips;
    long coldStarts;
    long inFlight;
    long worstInFlight;

    double tripsPerAdmission() {
      return (double) admissionTrips / admitted;
    }

    double tripsPerDenial() {
      return (double) denialTrips / denied;
    }

    /** A count of all items together. */
    long sum(String name) {
      return items.stream()
          .map(each -> each.get(name))
          .filter(Objects::nonNull)
          .mapToLong(value -> Long.parseLong(value.n()))
          .sum();
    }

    long number(String name) {
      AttributeValue value = item.get(name);
      return value == null ? 0 : Long.parseLong(value.n());
    }
  }

  private final Plan plan;
  private final Random random;
  private final VirtualTime time = new VirtualTime();
  private final InMemoryDynamo dynamo = new InMemoryDynamo(time);
  private final Deque<Environment> idle = new ArrayDeque<>();
  private final Outcome outcome = new Outcome();
  private final TenantDirectory directory;
  private final String keyId;

  private Simulation(Plan plan) {
    this.plan = plan;
    this.random = new Random(plan.seed());
    this.directory = TenantDirectory.of(dynamo, TABLE, time, random);
    directory.create(TENANT, plan.limits(), EstimateMode.TOKENS);
    keyId = directory.issueKey(TENANT, Set.of(), Optional.empty()).orElseThrow().keyId();
    for (int i = 0; i < Fleet.ENVIRONMENTS; i++) {
      idle.add(environment());
    }
  }

  /** Runs the plan for calls arriving at these microseconds. */
  static Outcome run(Plan plan, List<Long> arrivals) throws InterruptedException {
    return run(plan, arrivals, Scene.NONE);
  }

  /** The same while an operator is at work. */
  static Outcome run(Plan plan, List<Long> arrivals, Scene scene) throws InterruptedException {
    Simulation simulation = new Simulation(plan);
    scene.play(simulation.time, simulation.directory);
    int number = 0;
    for (long arrival : arrivals) {
      String callId = "c" + Integer.toString(number++, 36);
      simulation.time.at(arrival, () -> simulation.serve(callId));
    }
    simulation.time.run();
    simulation.outcome.item = simulation.dynamo.item(TABLE, "T#" + TENANT);
    simulation.outcome.items = simulation.items();
    return simulation.outcome;
  }

  private Environment environment() {
    return new Environment(
        time,
        random,
        plan.fleet().faults(),
        plan.settings().timeout(),
        plan.fleet().skew().clock(time, plan.settings().clockError().toMillis(), random),
        dynamo,
        plan.fleet().program());
  }

  private void serve(String callId) {
    Environment environment =
        idle.isEmpty()
            ? environment()
            : plan.fleet().lastFirst() ? idle.removeLast() : idle.removeFirst();
    if (random.nextDouble() < plan.fleet().faults().cold()) {
      environment.restart();
    }
    outcome.calls++;
    call(environment, callId);
    idle.addLast(environment);
  }

  private void call(Environment environment, String callId) {
    long tokens = Math.max(1, (long) (plan.calls().tokens() * random.nextDouble(0.2, 1.8)));
    Duration lease = plan.calls().longest().plusSeconds(30);
    Ask ask = new Ask(TENANT, keyId, callId, "m", tokens, tokens * MICRO_USD_PER_TOKEN, lease);
    switch (environment.admission().reserve(ask)) {
      case Decision.Admitted admitted -> {
        outcome.admitted++;
        outcome.admissionTrips += environment.trips();
        outcome.coldStarts += environment.reads();
        reserved(environment, ask);
        run(environment, admitted.reservation());
      }
      case Decision.Rejected rejected when rejected.dimension() == Dimension.UNAVAILABLE -> {
        outcome.unavailable++;
        unanswered(environment, ask);
      }
      case Decision.Rejected _ -> {
        outcome.denied++;
        outcome.denialTrips += environment.trips();
      }
    }
  }

  private void run(Environment environment, Reservation reservation) {
    outcome.inFlight++;
    outcome.worstInFlight = Math.max(outcome.worstInFlight, outcome.inFlight);
    Calls calls = plan.calls();
    time.sleep(1000 * random.nextLong(calls.shortest().toMillis(), calls.longest().toMillis()));
    outcome.inFlight--;
    if (random.nextDouble() >= plan.fleet().faults().crashed()) {
      settle(environment, reservation);
    }
  }

  private void reserved(Environment environment, Ask ask) {
    long at = environment.changed().orElseThrow();
    outcome.history.admitted(at, ask.callId(), ask.tokens());
    outcome.leaked.put(ask.callId(), ask.microUsd());
  }

  /** The table may have admitted a call whose caller heard nothing: it counts like any other. */
  private void unanswered(Environment environment, Ask ask) {
    boolean holds =
        items().stream()
            .map(item -> item.get("res"))
            .anyMatch(leases -> leases != null && leases.m().containsKey(ask.callId()));
    if (holds && environment.changedInTime().isPresent()) {
      reserved(environment, ask);
    }
  }

  private List<Map<String, AttributeValue>> items() {
    return IntStream.range(0, Sharding.MOST)
        .mapToObj(index -> dynamo.item(TABLE, "T#" + TenantItem.id(TENANT, index)))
        .takeWhile(item -> !item.isEmpty())
        .toList();
  }

  private void settle(Environment environment, Reservation reservation) {
    Calls calls = plan.calls();
    double share = calls.least() + (calls.most() - calls.least()) * random.nextDouble();
    long tokens = (long) (reservation.tokens() * share);
    environment.admission().settle(reservation, tokens, tokens * MICRO_USD_PER_TOKEN);
    environment
        .changed()
        .ifPresent(at -> {
          outcome.history.settled(at, reservation.callId(), tokens);
          outcome.leaked.remove(reservation.callId());
          outcome.spent.put(reservation.callId(), tokens * MICRO_USD_PER_TOKEN);
        });
  }
}
