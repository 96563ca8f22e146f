package dev.weir.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.admission.Simulation.Calls;
import dev.weir.admission.Simulation.Fleet;
import dev.weir.admission.Simulation.Outcome;
import dev.weir.admission.Simulation.Plan;
import dev.weir.admission.Simulation.Scene;
import dev.weir.tenant.Limits;
import dev.weir.tenant.Sharding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Limits cut into shards: what {@link RollingLimitTest} and {@link AccountsTest} say of one item.
 */
class HotTenantTest {

  private static final long HOT = 520;

  /** A few of each fault: at this rate the usual ones would be an outage. */
  private static final Faults SOME = new Faults(0.01, 0.005, 0.01, 0, 0, 0.005);

  private static final Calls QUICK =
      new Calls(260, 0.1, 1, Duration.ofMillis(200), Duration.ofSeconds(2));

  @ParameterizedTest
  @EnumSource(Traffic.class)
  void small_limits_hold_in_shards(Traffic traffic) throws InterruptedException {
    Limits small = Some.rates(24, 24 * 200);
    for (long seed = 1; seed <= 2; seed++) {
      Plan plan = plan(Some.rates(600, 600 * 260), Skew.CONST, seed);
      Scene scene =
          (time, directory) -> {
            directory.changeShards(Simulation.TENANT, 6);
            directory.changeLimits(Simulation.TENANT, small);
          };
      List<Long> arrivals = traffic.arrivals(24, 40 * Traffic.MINUTE, new Random(seed));
      Outcome outcome = Simulation.run(plan, arrivals, scene);

      assertHolds("6 shards of 24 " + traffic, outcome, small);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void limits_hold_while_shards_come_and_go(long seed) throws InterruptedException {
    Limits limits = Some.rates(600, 600 * 200);
    Plan plan = plan(limits, seed % 2 == 0 ? Skew.RAND : Skew.CONST, seed);
    Outcome outcome =
        Simulation.run(plan, arrivals(600, 6, seed), resharding(seed, 1, 4, 8, 3, 10, 1, 5));

    assertHolds("600 from 1 to 5 shards", outcome, limits);
    assertThat(outcome.items).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void concurrency_holds_while_shards_come_and_go(long seed) throws InterruptedException {
    Outcome outcome =
        Simulation.run(
            plan(Some.concurrency(40), Skew.CONST, seed),
            arrivals(900, 6, seed),
            resharding(seed, 1, 4, 5, 2, 1, 3));
    System.out.printf(
        "hot: %d of at most 40 calls at once, %d admitted, %d crashed%n",
        outcome.worstInFlight, outcome.admitted, outcome.leaked.size());

    assertThat(outcome.worstInFlight).isBetween(36L, 40L);
    assertThat(outcome.leaked).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_budget_is_used_up_and_never_exceeded_while_shards_come_and_go(long seed)
      throws InterruptedException {
    OptionalLong none = OptionalLong.empty();
    Limits limits = new Limits(none, none, none, none, none, OptionalLong.of(1_000_000));
    Outcome outcome =
        Simulation.run(
            plan(limits, Skew.RAND, seed),
            arrivals(900, 4, seed),
            resharding(seed, 1, 8, 3, 10, 2));
    long spent = outcome.spent.values().stream().mapToLong(Long::longValue).sum();
    long leaked = outcome.leaked.values().stream().mapToLong(Long::longValue).sum();
    System.out.printf(
        "hot: budget 1000000: %d in %d items = spent %d + leaked %d micro-USD%n",
        outcome.sum("bl"), outcome.items.size(), spent, leaked);

    assertThat(outcome.sum("bl")).isEqualTo(spent + leaked).isBetween(998_000L, 1_000_000L);
    assertThat(outcome.sum("m202703") + outcome.sum("m202702")).isEqualTo(outcome.sum("bl"));
  }

  @Test
  void one_item_is_throttled_at_five_hundred_calls_a_second() throws InterruptedException {
    Load load = hot(1, 8, Faults.NONE);

    assertThat(load.partitions().throttled()).isGreaterThan(1000);
  }

  @Test
  void the_shards_of_the_formula_take_five_hundred_calls_a_second_exactly()
      throws InterruptedException {
    int shards = Sharding.advised(HOT, HOT);
    Load load = hot(shards, 65, SOME);
    Limits limits = load.plan().limits();
    Outcome outcome = load.outcome();

    assertHolds(shards + " shards, " + HOT + " calls a second", outcome, limits);
    assertThat(load.partitions().throttled()).isZero();
    assertThat(load.partitions().most()).isLessThan(Sharding.ITEM_WRITE_UNITS);
    assertThat(outcome.denied).isLessThan(outcome.calls / 1000);
  }

  @ParameterizedTest
  @CsvSource({"4, 0.01", "10, 0.02"})
  void little_of_a_limit_is_lost_to_its_shards(int shards, double most)
      throws InterruptedException {
    Limits limits = Some.rates(600, 600 * 260);
    Fleet healthy = Fleet.healthy(Some.DEPLOYED, Skew.CONST);
    Plan plan = new Plan(limits, Some.DEPLOYED, healthy, Calls.SHORT, 1);
    List<Long> arrivals = arrivals(600, 6, 1);
    Outcome one = Simulation.run(plan, arrivals);
    Outcome many =
        Simulation.run(plan, arrivals, (time, directory) -> directory.changeShards("acme", shards));
    double lost = 1 - (double) many.admitted / one.admitted;
    System.out.printf(
        "hot: limit 600 offered 1.5 times: %d shards admit %d, one item %d: %.1f %% lost; %.2f and"
            + " %.2f round trips per admission, %.2f and %.2f per denial%n",
        shards,
        many.admitted,
        one.admitted,
        100 * lost,
        many.tripsPerAdmission(),
        one.tripsPerAdmission(),
        many.tripsPerDenial(),
        one.tripsPerDenial());

    assertThat(lost).isLessThan(most);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10})
  void nobody_is_refused_at_four_fifths_of_the_limit(int shards) throws InterruptedException {
    Fleet healthy = Fleet.healthy(Some.DEPLOYED, Skew.CONST);
    Fleet fleet = new Fleet(healthy.program(), Skew.CONST, Faults.NONE, true);
    Plan plan = new Plan(Some.rates(1_200, 1_200_000), Some.DEPLOYED, fleet, Calls.SHORT, 1);
    Outcome outcome =
        Simulation.run(
            plan,
            Traffic.paced(960, 5 * Traffic.MINUTE),
            (time, directory) -> directory.changeShards(Simulation.TENANT, shards));
    System.out.printf(
        "hot: %d shards at 80 %%: %d of %d refused, %.3f round trips per admission, %.3f without"
            + " first reads%n",
        shards,
        outcome.denied,
        outcome.calls,
        outcome.tripsPerAdmission(),
        (double) (outcome.admissionTrips - outcome.coldStarts) / outcome.admitted);

    assertThat(outcome.denied).isLessThanOrEqualTo(shards);
  }

  @Test
  void cuts_without_a_fence_admit_too_much() throws InterruptedException {
    assertThat(violations(LooseCuts::unfenced)).isPositive();
  }

  @Test
  void cuts_that_do_not_assert_what_is_in_use_admit_too_much() throws InterruptedException {
    assertThat(violations(LooseCuts::uncovered)).isPositive();
  }

  @Test
  void the_same_calls_with_both_rules_never_do() throws InterruptedException {
    assertThat(violations(client -> client)).isZero();
  }

  private static long violations(UnaryOperator<DynamoDbClient> cuts) throws InterruptedException {
    long violations = 0;
    for (long seed = 1; seed <= 2; seed++) {
      Limits limits = Some.rates(600, 600 * 200);
      Plan plan = plan(limits, Skew.CONST, seed);
      Environment.Program whole = plan.fleet().program();
      Fleet loose =
          plan.fleet()
              .running((client, clock, truth) -> whole.start(cuts.apply(client), clock, truth));
      Outcome outcome =
          Simulation.run(
              plan.with(loose),
              Traffic.EDGE.arrivals(600, 4 * Traffic.MINUTE, new Random(seed)),
              resharding(seed, 4, 8, 3, 10));
      violations += judge(outcome, limits).violations();
    }
    System.out.println("hot: negative control: " + violations + " violations");
    return violations;
  }

  private record Load(Plan plan, Outcome outcome, Partitions partitions) {}

  private static Load hot(int shards, long seconds, Faults faults) throws InterruptedException {
    Limits limits = Some.rates(HOT * 60 * 5 / 4, HOT * 60 * 300);
    AtomicReference<Optional<Partitions>> partitions = new AtomicReference<>(Optional.empty());
    Environment.Program limiter = Fleet.healthy(Some.DEPLOYED, Skew.CONST).program();
    Fleet fleet =
        new Fleet(
            (client, clock, truth) -> {
              Partitions load =
                  partitions
                      .updateAndGet(made -> made.or(() -> Optional.of(new Partitions(truth))))
                      .orElseThrow();
              return limiter.start(load.of(client), clock, truth);
            },
            Skew.CONST,
            faults,
            true);
    Plan plan = new Plan(limits, Some.DEPLOYED, fleet, QUICK, 1);
    Outcome outcome =
        Simulation.run(
            plan,
            Traffic.paced(HOT * 60, seconds * Traffic.SECOND),
            (time, directory) -> directory.changeShards(Simulation.TENANT, shards));
    Partitions load = partitions.get().orElseThrow();
    System.out.printf(
        "hot: %d calls a second on %d items: %d admitted, %d denied, %d unavailable; %d requests"
            + " throttled, worst item %d write units in a second, %.2f per admission, %d B, %.3f"
            + " round trips per admission%n",
        HOT,
        shards,
        outcome.admitted,
        outcome.denied,
        outcome.unavailable,
        load.throttled(),
        load.most(),
        (double) load.all() / outcome.admitted,
        load.bytes(),
        outcome.tripsPerAdmission());
    return new Load(plan, outcome, load);
  }

  private static Plan plan(Limits limits, Skew skew, long seed) {
    return new Plan(limits, Some.WORST, Fleet.worst(Some.WORST, skew), Calls.SHORT, seed);
  }

  private static List<Long> arrivals(long perMinute, long minutes, long seed) {
    return Traffic.SATURATED.arrivals(perMinute, minutes * Traffic.MINUTE, new Random(seed));
  }

  /** Another number of shards every 40 s or so. */
  private static Scene resharding(long seed, int... shards) {
    Random random = new Random(seed);
    return (time, directory) -> {
      long at = 0;
      for (int number : shards) {
        time.at(at, () -> directory.changeShards(Simulation.TENANT, number));
        at += random.nextLong(20, 60) * Traffic.SECOND;
      }
    };
  }

  private static History.Verdict judge(Outcome outcome, Limits limits) {
    return outcome.history.judge(
        Traffic.MINUTE,
        limits.requestsPerMinute().orElseThrow(),
        limits.tokensPerMinute().orElseThrow());
  }

  private static void assertHolds(String name, Outcome outcome, Limits limits) {
    History.Verdict verdict = judge(outcome, limits);
    System.out.printf(
        "hot: %s: %d of %d calls admitted, worst 60 s %d/%d requests %d/%d tokens, %.2f round trips"
            + " per admission%n",
        name,
        outcome.admitted,
        outcome.calls,
        verdict.worstRequests(),
        limits.requestsPerMinute().orElseThrow(),
        verdict.worstTokens(),
        limits.tokensPerMinute().orElseThrow(),
        outcome.tripsPerAdmission());
    assertThat(verdict.violations()).as(name).isZero();
    assertThat(outcome.admitted).as(name).isPositive();
  }
}
